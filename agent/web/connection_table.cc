#include "agent/web/connection_table.h"

#include <algorithm>
#include <utility>

namespace sre {

ConnectionTable::Seat::Seat(ConnectionTable& table, std::list<Entry>::iterator entry)
    : table_(&table), entry_(entry) {}

ConnectionTable::Seat::Seat(Seat&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)), entry_(other.entry_) {}

ConnectionTable::Seat::~Seat() {
  if (table_ == nullptr) return;
  if (!entry_->told_to_leave) --table_->seated_;
  table_->entries_.erase(entry_);
}

void ConnectionTable::Seat::set_waiting() {
  entry_->waiting = true;
  entry_->moved.reset();
  auto& entries = table_->entries_;
  entries.splice(entries.end(), entries, entry_);
}

void ConnectionTable::Seat::set_busy() { entry_->waiting = false; }

void ConnectionTable::Seat::set_moved(Instant now) { entry_->moved = now; }

std::optional<ConnectionTable::Seat> ConnectionTable::admit(std::function<void()> close,
                                                            Instant now) {
  if (seated_ >= limit_ && !make_room(now)) return std::nullopt;
  ++seated_;
  return Seat(*this, entries_.insert(entries_.end(), Entry{std::move(close)}));
}

bool ConnectionTable::make_room(Instant now) {
  const auto oldest = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.waiting && !entry.told_to_leave;
  });
  Entry* leaves = oldest != entries_.end() ? &*oldest : longest_stalled(now);
  if (leaves == nullptr) return false;
  tell_to_leave(*leaves);
  return true;
}

ConnectionTable::Entry* ConnectionTable::longest_stalled(Instant now) {
  Entry* longest = nullptr;
  for (auto& entry : entries_) {
    if (entry.told_to_leave || !entry.moved || now - *entry.moved < stall_) continue;
    if (longest == nullptr || *entry.moved < *longest->moved) longest = &entry;
  }
  return longest;
}

void ConnectionTable::tell_to_leave(Entry& entry) {
  entry.told_to_leave = true;
  --seated_;
  entry.close();
}

void ConnectionTable::close_waiting() {
  for (auto& entry : entries_) {
    if (entry.waiting && !entry.told_to_leave) tell_to_leave(entry);
  }
}

}  // namespace sre
