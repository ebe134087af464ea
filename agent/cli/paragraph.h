#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sre {

// `text` in lines of at most kLineWidth characters (UTF-8), broken at blanks and indented by
// `indent` blanks; a longer word stands alone. Ends with a line end unless `text` is empty.
std::string paragraph(std::string_view text, std::size_t indent);

inline constexpr std::size_t kLineWidth = 80;

// The number of characters in UTF-8 `text`; none of ours is wide or combining.
std::size_t width(std::string_view text);

}  // namespace sre
