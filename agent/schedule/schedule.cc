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
  bool gone = true;       // not configured yet, or no longer, but still running
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
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.get();
}

void Schedule::replace(std::span<const CheckPtr> checks, Instant now) {
  drop_unlisted(checks);
  for (const auto& check : checks) {
    auto id = check->id();
    Entry* entry = find(id);
    if (entry == nullptr) {
      auto added = std::make_unique<Entry>();
      added->check = check;
      added->id = id;
      added->serial = next_serial_++;
      entry = entries_.emplace(std::move(id), std::move(added)).first->second.get();
    }
    update(*entry, check, now);
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
  if (!same_interval || entry.gone) {
    give_slot(entry, interval_of(*check), now);
    entry.gone = false;
    entry.refusals = 0;
  } else if (!same_login && entry.refusals > 0) {
    entry.refusals = 0;
    entry.interval = interval_of(*check);
    entry.anchor = entry.home;
    move_slot(entry, first_after(entry.anchor, entry.interval, now));
  }
  entry.check = check;
}

void Schedule::give_slot(Entry& entry, Duration interval, Instant now) {
  entry.interval = interval;
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
  auto node = slots_.extract(entry.slot_key());
  const Key key{slot, entry.serial};
  if (node) {
    node.key() = key;
    slots_.insert(std::move(node));
  } else {
    slots_.emplace(key, &entry);
  }
  entry.slot = slot;
}

// A reload may change every limit, and which target exists at all; laying the queues out again is
// simpler than mending them.
void Schedule::rebuild_queues() {
  // All that takes memory comes first, so that the old rooms stay until the new ones stand.
  decltype(rooms_) rooms;
  Queue due;
  for (const auto& [id, entry] : entries_) {
    auto& room = rooms[entry->check->target->name];
    if (!room) room = std::make_unique<Room>();
    if (!entry->gone) room->places = std::max(entry->check->target->max_connections, 1);
    if (entry->state == State::waiting) due.emplace(entry->due_key(), entry.get());
  }
  for (const auto& [id, entry] : entries_) {
    entry->room = rooms.find(entry->check->target->name)->second.get();
    if (entry->state == State::running) ++entry->room->taken;
  }
  rooms_.swap(rooms);
  ready_.clear();
  while (!due.empty()) {
    auto node = due.extract(due.begin());
    Room& room = *node.mapped()->room;
    const bool has_place = room.taken < room.places;
    if (has_place) ++room.taken;
    (has_place ? ready_ : room.waiting).insert(std::move(node));
  }
}

void Schedule::enqueue(Entry& entry, Instant due) {
  Room& room = *entry.room;
  const bool has_place = room.taken < room.places;
  (has_place ? ready_ : room.waiting).emplace(Key{due, entry.serial}, &entry);
  if (has_place) ++room.taken;
  entry.due = due;
  entry.state = State::waiting;
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
    enqueue(entry, entry.slot);
    skip(SkipCause::suspended, passed - 1);
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
  const auto room = max_in_flight_ - std::min(in_flight_, max_in_flight_);
  const auto count = std::min({limit, room, ready_.size()});
  starts.reserve(count);
  for (auto next = ready_.begin(); starts.size() < count; ++next) {
    const Entry& entry = *next->second;
    starts.push_back({entry.check, entry.id, now - entry.due});
  }
  // Nothing can fail from here on.
  for (std::size_t i = 0; i < count; ++i) {
    ready_.begin()->second->state = State::running;
    ready_.erase(ready_.begin());
    ++in_flight_;
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
  if (entry->room == nullptr) return false;  // replace() has not come so far
  if (entry->state == State::waiting) return true;
  enqueue(*entry, now);
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
