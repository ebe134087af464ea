#include "agent/schedule/schedule.h"

#include <algorithm>
#include <unordered_set>

namespace sre {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

enum class State : std::uint8_t { idle, waiting, running };

Duration interval_of(const Check& check) { return std::max(check.interval, kShortestInterval); }

// A check that is looked at later than this after its slot lets the slot go: were all the slots of
// a pause made up for at its end, every server would be asked at once.
Duration grace(Duration interval) { return std::max<Duration>(interval / 4, seconds{1}); }

bool same_credentials(const Credentials* a, const Credentials* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->username == b->username && a->secret == b->secret && a->mechanism == b->mechanism;
}

}  // namespace

// The connections of one target.
struct Schedule::Room {
  int places = 1;
  int taken = 0;  // by runs, and by checks in `ready_`
  Queue waiting;
};

struct Schedule::Entry {
  CheckPtr check;
  std::string id;
  std::uint64_t serial = 0;
  Room* room = nullptr;
  State state = State::idle;
  bool gone = false;      // no longer configured, but still running
  unsigned refusals = 0;  // logins refused in a row
  Duration interval{};    // in force, with back-off
  Instant home;           // a slot of the configured interval's sequence
  Instant anchor;         // a slot of the sequence in force: `home`, but while backed off
  Instant slot;           // the next one
  Instant last_slot;      // the one before, taken or skipped
  Instant due;            // while waiting

  Key slot_key() const { return {slot, serial}; }
  Key due_key() const { return {due, serial}; }
};

std::string_view to_string(SkipCause cause) {
  switch (cause) {
    case SkipCause::running:
      return "running";
    case SkipCause::target_busy:
      return "target_busy";
    case SkipCause::in_flight_limit:
      return "in_flight_limit";
    case SkipCause::suspended:
      return "suspended";
  }
  return "";
}

Schedule::Schedule(std::size_t max_in_flight) { set_max_in_flight(max_in_flight); }
Schedule::~Schedule() = default;

void Schedule::set_max_in_flight(std::size_t limit) {
  max_in_flight_ = std::max<std::size_t>(limit, 1);
}

Schedule::Entry* Schedule::find(std::string_view id) const {
  const auto found = entries_.find(std::string(id));
  return found == entries_.end() ? nullptr : found->second.get();
}

void Schedule::replace(std::span<const CheckPtr> checks, Instant now) {
  drop_unlisted(checks);
  for (const auto& check : checks) {
    auto& entry = entries_[check->id()];
    if (entry) {
      update(*entry, check, now);
      continue;
    }
    entry = std::make_unique<Entry>();
    entry->check = check;
    entry->id = check->id();
    entry->serial = next_serial_++;
    give_slot(*entry, now);
  }
  rebuild_queues();
}

void Schedule::drop_unlisted(std::span<const CheckPtr> checks) {
  std::unordered_set<std::string> listed;
  for (const auto& check : checks) listed.insert(check->id());
  for (auto it = entries_.begin(); it != entries_.end();) {
    Entry& entry = *it->second;
    if (listed.contains(entry.id)) {
      ++it;
      continue;
    }
    slots_.erase(entry.slot_key());
    entry.gone = true;
    it = entry.state == State::running ? std::next(it) : entries_.erase(it);
  }
}

void Schedule::update(Entry& entry, const CheckPtr& check, Instant now) {
  const bool same_interval = entry.check->interval == check->interval;
  const bool same_login =
      same_credentials(entry.check->target->credentials.get(), check->target->credentials.get());
  entry.check = check;
  if (!same_interval || entry.gone) {
    entry.gone = false;
    entry.refusals = 0;
    give_slot(entry, now);
  } else if (!same_login && entry.refusals > 0) {
    entry.refusals = 0;
    entry.interval = interval_of(*check);
    entry.anchor = entry.home;
    move_slot(entry, first_after(entry.anchor, entry.interval, now));
  }
}

void Schedule::give_slot(Entry& entry, Instant now) {
  entry.interval = interval_of(*entry.check);
  const double point = spread_.next(entry.interval);
  const auto part_of = [point](Duration whole) {
    return Duration{static_cast<Duration::rep>(point * static_cast<double>(whole.count()))};
  };
  entry.home = entry.anchor = now + part_of(entry.interval);
  const Instant first = now + part_of(std::min<Duration>(entry.interval, minutes{1}));
  entry.last_slot = first - entry.interval;
  move_slot(entry, first);
}

void Schedule::move_slot(Entry& entry, Instant slot) {
  slots_.erase(entry.slot_key());
  entry.slot = slot;
  slots_.emplace(entry.slot_key(), &entry);
}

// A reload may change every limit, and which target exists at all; laying the queues out again is
// simpler than mending them.
void Schedule::rebuild_queues() {
  rooms_.clear();
  ready_.clear();
  Queue due;
  for (const auto& [id, entry] : entries_) {
    auto& room = rooms_[entry->check->target->name];
    if (!room) room = std::make_unique<Room>();
    entry->room = room.get();
    if (!entry->gone) room->places = std::max(entry->check->target->max_connections, 1);
    if (entry->state == State::running) ++room->taken;
    if (entry->state == State::waiting) due.emplace(entry->due_key(), entry.get());
  }
  for (const auto& [key, entry] : due) enqueue(*entry);
}

void Schedule::enqueue(Entry& entry) {
  Room& room = *entry.room;
  if (room.taken < room.places) {
    ++room.taken;
    ready_.emplace(entry.due_key(), &entry);
  } else {
    room.waiting.emplace(entry.due_key(), &entry);
  }
}

// Gives a place in the room back, to the check that has waited longest for it.
void Schedule::release(Room& room) {
  --room.taken;
  if (room.waiting.empty() || room.taken >= room.places) return;
  ++room.taken;
  ready_.insert(room.waiting.extract(room.waiting.begin()));
}

void Schedule::pass_slot(Entry& entry, Instant now) {
  const auto passed = static_cast<std::uint64_t>((now - entry.slot) / entry.interval + 1);
  const auto skip = [this](SkipCause cause, std::uint64_t runs) {
    skipped_[static_cast<std::size_t>(cause)] += runs;
  };
  if (entry.state == State::running) {
    skip(SkipCause::running, passed);
  } else if (entry.state == State::waiting) {
    const bool has_place = ready_.contains(entry.due_key());
    skip(has_place ? SkipCause::in_flight_limit : SkipCause::target_busy, passed);
  } else if (now - entry.slot > grace(entry.interval)) {
    skip(SkipCause::suspended, passed);
  } else {
    skip(SkipCause::suspended, passed - 1);
    entry.state = State::waiting;
    entry.due = entry.slot;
    enqueue(entry);
  }
  // Half an interval, because the first slot of a long interval is earlier than its sequence.
  entry.last_slot = entry.slot;
  const Instant earliest = std::max(now, entry.slot + entry.interval / 2);
  move_slot(entry, first_after(entry.anchor, entry.interval, earliest));
}

std::vector<Start> Schedule::take_due(Instant now, std::size_t limit) {
  while (!slots_.empty() && slots_.begin()->first.first <= now) {
    pass_slot(*slots_.begin()->second, now);
  }
  std::vector<Start> starts;
  while (!ready_.empty() && in_flight_ < max_in_flight_ && starts.size() < limit) {
    Entry& entry = *ready_.begin()->second;
    ready_.erase(ready_.begin());
    entry.state = State::running;
    ++in_flight_;
    starts.push_back({entry.check, now - entry.due});
  }
  return starts;
}

std::optional<Instant> Schedule::next() const {
  if (!ready_.empty() && in_flight_ < max_in_flight_) return ready_.begin()->first.first;
  if (slots_.empty()) return std::nullopt;
  return slots_.begin()->first.first;
}

void Schedule::finished(std::string_view id, Outcome outcome, Instant now) {
  Entry* entry = find(id);
  if (entry == nullptr || entry->state != State::running) return;
  --in_flight_;
  release(*entry->room);
  if (entry->gone) {
    entries_.erase(entry->id);
    return;
  }
  entry->state = State::idle;
  if (outcome == Outcome::passed) entry->refusals = 0;
  if (outcome == Outcome::login_refused) ++entry->refusals;
  const Duration configured = interval_of(*entry->check);
  const Duration interval = slowed_down(configured, entry->refusals);
  if (interval == entry->interval) return;
  entry->interval = interval;
  entry->anchor = interval == configured ? entry->home : entry->last_slot;
  const Instant earliest = std::max(now, entry->last_slot + interval / 2);
  move_slot(*entry, first_after(entry->anchor, interval, earliest));
}

bool Schedule::run_now(std::string_view id, Instant now) {
  Entry* entry = find(id);
  if (entry == nullptr || entry->gone || entry->state == State::running) return false;
  if (entry->state == State::waiting) return true;
  entry->state = State::waiting;
  entry->due = now;
  enqueue(*entry);
  return true;
}

std::optional<Duration> Schedule::current_interval(std::string_view id) const {
  const Entry* entry = find(id);
  if (entry == nullptr || entry->gone) return std::nullopt;
  return entry->interval;
}

std::uint64_t Schedule::skipped(SkipCause cause) const {
  return skipped_[static_cast<std::size_t>(cause)];
}

}  // namespace sre
