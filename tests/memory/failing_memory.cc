#include "tests/memory/failing_memory.h"

#include <ares.h>
#include <curl/curl.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "agent/session/openssl_memory.h"

namespace sre {
namespace {

struct Watch {
  bool counting = false;
  Asks asks = Asks::program;
  std::size_t failing = 0;
  bool all_later = false;
  std::size_t made = 0;
};
thread_local Watch watch;

bool fails(Asks asks) noexcept {
  if (!watch.counting || watch.asks != asks) return false;
  ++watch.made;
  return watch.made == watch.failing ||
         (watch.all_later && watch.failing > 0 && watch.made > watch.failing);
}

template <Asks asks>
struct Memory {
  static void* allocate(std::size_t size) { return fails(asks) ? nullptr : std::malloc(size); }
  static void* reallocate(void* old, std::size_t size) {
    return fails(asks) ? nullptr : std::realloc(old, size);
  }
  static void* allocate_zeros(std::size_t count, std::size_t size) {
    return fails(asks) ? nullptr : std::calloc(count, size);
  }
  static char* duplicate(const char* text) { return fails(asks) ? nullptr : strdup(text); }
  static void release(void* memory) { std::free(memory); }

  // As OpenSSL wants them, and as the program's own tell of a lack.
  static void* noted(void* memory) {
    if (memory == nullptr) note_openssl_lack();
    return memory;
  }
  static void* allocate_at(std::size_t size, const char*, int) { return noted(allocate(size)); }
  static void* reallocate_at(void* old, std::size_t size, const char*, int) {
    if (size != 0) return noted(reallocate(old, size));
    std::free(old);
    return nullptr;
  }
  static void release_at(void* memory, const char*, int) { std::free(memory); }
};

}  // namespace

void watch_memory() {
  using OpenSsl = Memory<Asks::openssl>;
  using Libcurl = Memory<Asks::libcurl>;
  using CAres = Memory<Asks::c_ares>;
  if (CRYPTO_set_mem_functions(OpenSsl::allocate_at, OpenSsl::reallocate_at, OpenSsl::release_at) !=
          1 ||
      curl_global_init_mem(CURL_GLOBAL_DEFAULT, Libcurl::allocate, Libcurl::release,
                           Libcurl::reallocate, Libcurl::duplicate,
                           Libcurl::allocate_zeros) != CURLE_OK ||
      ares_library_init_mem(ARES_LIB_INIT_ALL, CAres::allocate, CAres::release,
                            CAres::reallocate) != ARES_SUCCESS) {
    std::abort();  // then nothing would be tested
  }
}

void fail_request(Asks asks, std::size_t nth, bool all) { watch = {true, asks, nth, all, 0}; }
void no_more_failures() { watch.counting = false; }
std::size_t requests_made() { return watch.made; }

}  // namespace sre

// All of C++; the other forms call these.
void* operator new(std::size_t size) {
  if (sre::fails(sre::Asks::program)) throw std::bad_alloc();
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
