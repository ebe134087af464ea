#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/base/secret.h"

namespace sre {

// Takes a run's secrets out of whatever the server sends back: some servers quote a client's own
// AUTH line in their refusal. It knows a secret in clear, in base64 at each of the three alignments
// that it can have inside a longer text, and every SASL message that was sent, even where only its
// beginning is quoted. Probe thread only.
class Redactor {
 public:
  void add(const Secret& secret);
  // A line of the SASL exchange as it went over the wire (base64).
  void add_sasl_message(std::string_view base64);

  // `text` with each of them replaced by `<secret>`.
  std::string clean(std::string text) const;

 private:
  void add_needle(std::string_view needle);

  std::vector<Secret> needles_;
  std::vector<Secret> messages_;
};

}  // namespace sre
