#pragma once

#include <optional>
#include <string_view>

namespace sre {

// The weights by which a client says how much it wants something (RFC 9110 section 12.4.2), of
// Accept-Language and Accept-Encoding alike.

inline constexpr int kFullQuality = 1000;  // in thousandths, which is as fine as one may be written

// Cuts off and returns what stands before the next `separator`, without blanks around it.
std::string_view take_item(std::string_view& text, char separator);

// The quality among the parameters behind an item ("q=0.8;x=1"): the full one where none is named,
// nothing where it is badly written.
std::optional<int> quality_among(std::string_view parameters);

}  // namespace sre
