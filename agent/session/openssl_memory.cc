#include "agent/session/openssl_memory.h"

#include <openssl/crypto.h>

#include <cstdlib>
#include <utility>

namespace sre {
namespace {

thread_local bool lacked = false;

void* noted(void* memory) noexcept {
  if (memory == nullptr) note_openssl_lack();
  return memory;
}

void* allocate(std::size_t size, const char* /*file*/, int /*line*/) noexcept {
  return size == 0 ? nullptr : noted(std::malloc(size));
}

void* reallocate(void* old, std::size_t size, const char* /*file*/, int /*line*/) noexcept {
  if (size != 0) return noted(std::realloc(old, size));
  std::free(old);
  return nullptr;
}

void release(void* memory, const char* /*file*/, int /*line*/) noexcept { std::free(memory); }

}  // namespace

void watch_openssl_memory() { CRYPTO_set_mem_functions(allocate, reallocate, release); }

void note_openssl_lack() noexcept { lacked = true; }

bool take_openssl_lack() noexcept { return std::exchange(lacked, false); }

}  // namespace sre
