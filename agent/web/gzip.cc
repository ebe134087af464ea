#include "agent/web/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>

#include "agent/base/text.h"
#include "agent/web/quality.h"

namespace sre {
namespace {

// Below this a packet is a packet.
constexpr std::size_t kWorthIt = 1024;
// The metrics of 5,000 targets shrink from 22.2 MB to 1.40 MB at level 1, to 1.19 MB at level 5 in
// twice the time (0.11 s), to 1.12 MB at level 9 in ten times the time.
constexpr int kLevel = 5;

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    auto item = take_item(accept_encoding, ',');
    const auto coding = take_item(item, ';');
    if (equal_ignoring_case(coding, "gzip")) return quality_among(item).value_or(0) > 0;
  }
  return false;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  std::size_t written = 0;
  // zlib counts in 32 bits: texts are handed over in pieces that fit.
  constexpr std::size_t kPiece = std::numeric_limits<uInt>::max() / 4;
  int status = Z_OK;
  while (status == Z_OK) {
    const auto piece = text.substr(0, kPiece);
    const auto room = std::min(out.size() - written, kPiece);
    // zlib does not write through next_in; its type is older than const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
    stream.avail_out = static_cast<uInt>(room);
    status = deflate(&stream, piece.size() == text.size() ? Z_FINISH : Z_NO_FLUSH);
    text.remove_prefix(piece.size() - stream.avail_in);
    written += room - stream.avail_out;
  }
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::bad_alloc();
  out.resize(written);
  return out;
}

void compress(const Request& request, Response& response) {
  if (response.body.size() < kWorthIt) return;
  response.headers.push_back({"Vary", "Accept-Encoding"});
  if (!accepts_gzip(request.header("Accept-Encoding"))) return;
  response.body = gzip(response.body);
  response.headers.push_back({"Content-Encoding", "gzip"});
}

}  // namespace sre
