#pragma once

#include <string_view>

#include "agent/check/check.h"
#include "agent/smtp/transcript.h"

namespace sre {

// A check of `kind` with everything at its default. With STARTTLS unless told otherwise.
Check sample_check(Kind kind, TlsMode tls = TlsMode::starttls);

// A transcript in the making: one call for each step, in order.
class Story {
 public:
  // A step with its reply, such as "535 5.7.8 no"; "" for none.
  Story& step(Phase phase, std::string_view reply = "");
  // How nearly every run begins: connect, banner, EHLO.
  Story& hello();
  // STARTTLS, the handshake with a good certificate that has `days` to live, and EHLO again.
  Story& upgrade(int days = 90);
  Story& fault(Phase phase, Reason reason, std::string_view detail = "why");

  Transcript transcript;
};

}  // namespace sre
