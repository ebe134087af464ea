#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sre {

// A password or token. It cannot be printed or converted by accident: the only way to its text
// is reveal(), and a reader of the code can list every call of it. The memory is wiped when the
// value dies. Immutable.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret other) noexcept {
    text_.swap(other.text_);  // what was here before is wiped with `other`
    return *this;
  }
  ~Secret() { wipe(); }

  // The text itself, for the SASL exchange and for redaction; never for a log, a page or a label.
  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  void wipe() noexcept;

  std::string text_;
};

// What stands wherever a secret would be shown.
inline constexpr std::string_view kSecretShown = "<secret>";

}  // namespace sre
