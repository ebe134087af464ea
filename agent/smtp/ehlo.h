#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/smtp/reply.h"

namespace sre {

// What a server says of itself in its answer to EHLO (RFC 5321 section 4.1.1.1).
struct Ehlo {
  struct Extension {
    std::string keyword;     // upper case
    std::string parameters;  // as sent
  };

  std::string greeting;  // the first line: the server's name, and what it likes to add
  std::vector<Extension> extensions;
  // Upper case, in the server's order, without doubles; from `AUTH X Y` and from `AUTH=X Y`, which
  // old servers send for older clients.
  std::vector<std::string> auth_mechanisms;
  // SIZE (RFC 1870); 0 means "no fixed limit", nothing means not said.
  std::optional<std::uint64_t> size_limit;

  bool offers(std::string_view keyword) const;
  bool offers_mechanism(std::string_view mechanism) const;
};

// Reads the keywords whatever their case. An answer of more than 256 keywords is cut there.
Ehlo parse_ehlo(const Reply& reply);

}  // namespace sre
