#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/base/clock.h"
#include "agent/check/check.h"
#include "agent/schedule/pace.h"

namespace sre {

// A run that may start now.
struct Start {
  CheckPtr check;
  std::string id;  // for finished(), which then needs no memory
  Duration delay;  // how much later than planned
};

// What the schedule wants to know of a finished run.
enum class Outcome : std::uint8_t {
  passed,
  failed,
  login_refused,  // real credentials got 535: coming back soon may lock the account
};

// Why a planned run did not take place.
enum class SkipCause : std::uint8_t {
  running,          // the run before it had not ended
  target_busy,      // the run before it still waited for a connection to the target
  in_flight_limit,  // the run before it still waited for room in the whole agent
  suspended,        // nobody asked at the time: the machine or the process stood still
};
inline constexpr std::array kSkipCauses = {SkipCause::running, SkipCause::target_busy,
                                           SkipCause::in_flight_limit, SkipCause::suspended};
std::string_view to_string(SkipCause cause);

// When which check runs. Each check has a slot: a fixed phase within its interval, so that the
// starts of all checks are spread evenly. At its slot a check is due; it starts at once, or waits
// for its turn while its target or the agent has all the connections it may have. Whoever was due
// first starts first. A slot that passes while a check waits or runs is skipped and counted, so
// there is never more than one run of a check, waiting or running.
//
// Knows the time only as it is told, and every cost is logarithmic in the number of checks, but
// for replace(). Where memory runs out, take_due() and run_now() throw and may be called again,
// with nothing lost; so may replace(), which must be before anything else but finished() and
// run_now(); the others need none. Probe thread only.
class Schedule {
 public:
  // `max_in_flight` limits the runs of all targets together; at least 1.
  explicit Schedule(std::size_t max_in_flight);
  ~Schedule();
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  void set_max_in_flight(std::size_t limit);

  // Puts these checks in the place of all before. A check whose id and interval were there keeps
  // its slot, its place in a queue and its back-off (unless its credentials are others now); a run
  // in progress keeps counting until it is finished, even if its check is gone. A new check gets a
  // slot; its first run comes within a minute or its interval, whichever is shorter, so that a
  // daily check is not unknown for a day.
  void replace(std::span<const CheckPtr> checks, Instant now);

  // The runs that may start now, at most `limit`; each counts as running from here on until
  // finished() is told. Those beyond `limit` stay due, and next() says so.
  std::vector<Start> take_due(Instant now,
                              std::size_t limit = std::numeric_limits<std::size_t>::max());

  // When take_due() may have something next; in the past when something waits only for being
  // taken; nothing when only finished(), run_now() or replace() can bring something about. Ask
  // again after each of these.
  std::optional<Instant> next() const;

  // Tells that the run of this check has ended. A refused login doubles the interval up to
  // kLongestBackOff, a pass brings it back, any other failure leaves it.
  void finished(std::string_view id, Outcome outcome, Instant now);

  // Makes the check due now, beside its slots. False when there is no such check (or none yet,
  // after a replace() that threw), or when it is running already; a check that is due already is
  // fine.
  bool run_now(std::string_view id, Instant now);

  // The interval in force, back-off included; nothing when there is no such check.
  std::optional<Duration> current_interval(std::string_view id) const;

  std::size_t in_flight() const { return in_flight_; }
  // How many planned runs did not take place, since the start.
  std::uint64_t skipped(SkipCause cause) const;

 private:
  struct Entry;
  struct Room;
  // Makes a look-up by string_view possible, which copies no text.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  // When a check is due; checks due at the same instant go by age.
  using Key = std::pair<Instant, std::uint64_t>;
  using Queue = std::map<Key, Entry*>;

  Entry* find(std::string_view id) const;
  void update(Entry& entry, const CheckPtr& check, Instant now);
  void give_slot(Entry& entry, Duration interval, Instant now);
  void move_slot(Entry& entry, Instant slot);
  void drop_unlisted(std::span<const CheckPtr> checks);
  void rebuild_queues();
  void pass_slot(Entry& entry, Instant now);
  void enqueue(Entry& entry, Instant due);
  void release(Room& room);

  std::size_t max_in_flight_;
  std::size_t in_flight_ = 0;
  std::uint64_t next_serial_ = 0;
  Spread spread_;
  std::array<std::uint64_t, kSkipCauses.size()> skipped_{};
  std::unordered_map<std::string, std::unique_ptr<Entry>, TextHash, std::equal_to<>>
      entries_;                                                   // by id
  std::unordered_map<std::string, std::unique_ptr<Room>> rooms_;  // by target
  Queue slots_;                                                   // every check, by next slot
  Queue ready_;  // due, with a place in their target's room: these wait for the agent only
};

}  // namespace sre
