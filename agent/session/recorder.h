#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/base/clock.h"
#include "agent/smtp/redactor.h"
#include "agent/smtp/transcript.h"

namespace sre {

// Writes the transcript of one run while it happens. What comes from the server passes the redactor
// here, so no secret that a server quotes back gets any further. Probe thread only.
class Recorder {
 public:
  explicit Recorder(const Clock& clock);

  Instant now() const { return clock_.now(); }
  Instant started() const { return started_; }

  // Opens a step; one that is still open ends here.
  void begin(Phase phase, std::string shown_command = {}) { begin_at(now(), phase, shown_command); }
  void begin_at(Instant at, Phase phase, std::string shown_command = {});
  // Ends the open step without a reply (resolve, connect, tls).
  void end() { end_at(now()); }
  void end_at(Instant at);
  // Ends the open step with its reply.
  void answer(Reply reply);
  // Ends the open step, with what was received of its reply if anything: as its reply where that
  // is the violation, else as an unfinished one. The first fault is kept.
  void fault(Phase phase, Reason reason, std::string_view detail, const Reply* partial = nullptr);

  // Another address is tried: what went wrong with this one stays in its step only.
  void forgive() { transcript_.fault.reset(); }

  // Is told of every step when it begins and again when it has ended, for whoever watches.
  using Observer = std::function<void(const Step& step, bool ended)>;
  void watch(Observer observer) { observer_ = std::move(observer); }

  // The phase of the open step, else of the last one.
  Phase phase() const;
  bool has_fault() const { return transcript_.fault.has_value(); }
  // The last reply of the run, of whatever phase; nothing after a step that got none.
  const Reply* last_reply() const;

  Redactor& redactor() { return redactor_; }
  Transcript& transcript() { return transcript_; }
  const Transcript& transcript() const { return transcript_; }
  // The finished transcript; the recorder is of no use afterwards.
  Transcript finish();

 private:
  void close(Instant at, std::optional<Reply> reply = std::nullopt);
  Reply cleaned(Reply reply) const;

  const Clock& clock_;
  const Instant started_;
  Redactor redactor_;
  Transcript transcript_;
  Observer observer_;
  bool open_ = false;
};

}  // namespace sre
