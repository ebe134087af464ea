#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sre {

// The language of those who ask for none that is known.
inline constexpr std::string_view kDefaultLanguage = "en";

// The one of `known` that a reader wants who sends this Accept-Language (RFC 9110 section 12.5.4):
// the one of the highest quality, the first named of those with the same. "fr-CA" asks for "fr",
// and "pt" for "pt-BR" (RFC 4647 section 3); "*" for whatever is not named, the default before
// others. What is badly written is passed over. The default where none is wanted. Any bytes have
// an answer, in time linear in their number; the answer is one of `known` or the default.
std::string_view accepted_language(std::string_view accept_language,
                                   std::span<const std::string_view> known);

// The one of `known` that is named `name`, whatever its case.
std::optional<std::string_view> known_language(std::string_view name,
                                               std::span<const std::string_view> known);

}  // namespace sre
