#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/base/secret.h"

namespace sre {

// Takes a run's secrets out of whatever the server sends back: some servers quote a client's own
// AUTH line in their refusal, whole, cut short, or wrapped over the lines of a reply. It knows a
// secret in clear, in hexadecimal, in base64 at each of the three alignments that it can have
// inside a longer text, and every SASL message that was sent; and of each of these every piece of
// eight characters or more, in any case, escaped or with white space in it (see FoldedText). A
// piece of the clear text that is nothing but letters must have 16, or be the whole: a password
// with a word of its language in it would take that word out of every reply.
//
// What it cannot know: a secret that comes back in shorter pieces, or in another code. Probe thread
// only.
class Redactor {
 public:
  void add(const Secret& secret);
  // A line of the SASL exchange as it went over the wire (base64).
  void add_sasl_message(std::string_view base64);

  // The lines of one reply, with each of them replaced by `<secret>`.
  void clean(std::vector<std::string>& lines) const;
  std::string clean(std::string line) const;

 private:
  void add_code(std::string_view text);

  // Folded.
  std::vector<Secret> clear_;
  std::vector<Secret> codes_;
};

}  // namespace sre
