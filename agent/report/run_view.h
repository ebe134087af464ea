#pragma once

#include <string>
#include <string_view>

#include "agent/smtp/transcript.h"
#include "agent/verdict/run.h"

namespace sre {

class Knowledge;

// A run as text for people, on a terminal or as plain text. Everything from the wire is made
// printable here.
class RunView {
 public:
  // `color`: ANSI colours; see wants_color().
  RunView(const Knowledge& knowledge, std::string language, bool color)
      : knowledge_(knowledge), language_(std::move(language)), color_(color) {}

  // What is asked of whom: one line.
  std::string heading(const Check& check) const;
  // A step that has begun: the command; empty for steps without one.
  std::string begun(const Step& step) const;
  // The same step when it has ended: time, and the reply line by line.
  std::string ended(const Step& step) const;
  // The verdict, the reason in a sentence, and what to do.
  std::string verdict(const Run& run) const;
  // All of it.
  std::string whole(const Run& run) const;

 private:
  enum class Tone { good, bad, faint, strong };
  std::string paint(Tone tone, std::string_view text) const;
  Tone tone_of(const Reply& reply) const;
  std::string got(const Run& run) const;

  const Knowledge& knowledge_;
  const std::string language_;
  const bool color_;
};

}  // namespace sre
