#include "agent/knowledge/entries.h"

#include <fmt/format.h>

namespace sre {

std::string EnhancedEntry::shown() const { return fmt::format("X.{}.{}", subject, detail); }

}  // namespace sre
