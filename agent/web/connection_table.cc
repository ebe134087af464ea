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
  auto& entries = table_->entries_;
  entries.splice(entries.end(), entries, entry_);
}

void ConnectionTable::Seat::set_busy() { entry_->waiting = false; }

std::optional<ConnectionTable::Seat> ConnectionTable::admit(std::function<void()> close) {
  if (seated_ >= limit_ && !make_room()) return std::nullopt;
  ++seated_;
  return Seat(*this, entries_.insert(entries_.end(), Entry{std::move(close)}));
}

bool ConnectionTable::make_room() {
  const auto oldest = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.waiting && !entry.told_to_leave;
  });
  if (oldest == entries_.end()) return false;
  tell_to_leave(*oldest);
  return true;
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
