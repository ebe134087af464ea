#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/base/secret.h"
#include "agent/base/text.h"
#include "agent/knowledge/knowledge.h"
#include "agent/smtp/ehlo.h"
#include "agent/smtp/redactor.h"
#include "agent/smtp/reply_parser.h"

namespace sre {
namespace {

// The fuzzer looks for inputs that end the process.
void require(bool holds) {
  if (!holds) std::abort();
}

void read(const Reply& reply) {
  require(reply.code >= 200 && reply.code < 600);
  require(reply.lines.size() <= ReplyParser::kMaxLines);
  const Ehlo ehlo = parse_ehlo(reply);
  require(ehlo.extensions.size() <= reply.lines.size());
  for (const auto& line : reply.lines) {
    const auto shown = printable(line);
    require(std::none_of(shown.begin(), shown.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }));
  }
  const auto& knowledge = *Knowledge::built_in();
  require(!knowledge.classify(Phase::auth, reply).rule_id.empty());
}

// However the wire cuts a text into pieces, the same replies come out.
std::string replies_of(std::string_view wire, std::size_t piece) {
  std::string seen;
  ReplyParser parser;
  while (true) {
    const auto bytes = wire.substr(0, piece);
    wire.remove_prefix(bytes.size());
    auto status = parser.push(bytes);
    while (status == ReplyParser::Status::complete) {
      const Reply reply = parser.take();
      read(reply);
      seen += describe_code(reply) + reply.text() + "\n";
      status = parser.push({});
    }
    if (status == ReplyParser::Status::violation) return seen + "!";
    if (wire.empty()) return seen;
  }
}

void run(std::string_view wire) {
  const auto whole = replies_of(wire, std::max<std::size_t>(wire.size(), 1));
  require(whole == replies_of(wire, 1));
  require(whole == replies_of(wire, 7));
  Redactor redactor;
  redactor.add(Secret("correct-horse"));
  require(redactor.clean(std::string(wire)).find("correct-horse") == std::string::npos);
}

}  // namespace
}  // namespace sre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The limits of the parser depend on how many bytes wait when they are checked; below them pieces
  // make no difference.
  if (size > sre::ReplyParser::kMaxBytes / 2) return 0;
  sre::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
