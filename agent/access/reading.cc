#include "agent/access/reading.h"

#include <fmt/format.h>

namespace sre {
namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

}  // namespace

Result<std::string> read_whole(const std::string& path, Readers readers) {
  auto text = read_file(path, kMostBytes + 1, readers);
  if (text && text->size() > kMostBytes) {
    return failure(fmt::format("{} is longer than {} bytes", in_quotes(path), kMostBytes));
  }
  return text;
}

}  // namespace sre
