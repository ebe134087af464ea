#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <optional>

#include "agent/base/clock.h"

namespace sre {

// Who is connected, so that there are never too many. A connection waits (for a request, whole or
// in part) or is busy (its answer is being made or sent); when all places are taken, the one that
// has waited longest makes room, and where none waits, the one whose client has taken nothing of
// its answer for longest. Hence nobody can keep others out by connecting and saying nothing, nor by
// asking and not reading. Web thread only.
class ConnectionTable {
  struct Entry {
    std::function<void()> close;
    bool waiting = true;
    bool told_to_leave = false;
    std::optional<Instant> moved = std::nullopt;  // since then nothing of the answer went out
  };

 public:
  // A connection's place, given back when it dies.
  class Seat {
   public:
    Seat(Seat&& other) noexcept;
    Seat& operator=(Seat&&) = delete;
    ~Seat();

    void set_waiting();  // counts anew from now
    void set_busy();
    // While it is busy: the answer begins to go out, or some more of it went.
    void set_moved(Instant now);

   private:
    friend class ConnectionTable;
    Seat(ConnectionTable& table, std::list<Entry>::iterator entry);

    ConnectionTable* table_;  // null once moved from
    std::list<Entry>::iterator entry_;
  };

  // An answer of which nothing went out for `stall` is one that nobody reads.
  ConnectionTable(std::size_t limit, Duration stall) : limit_(limit), stall_(stall) {}
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  // A place for a connection that `close` would end; nothing when all are taken and busy. `close`
  // must only begin the end: the seat dies later.
  std::optional<Seat> admit(std::function<void()> close, Instant now);

  // Ends the connection that has waited longest, or whose answer has stood still for longest; false
  // when there is none.
  bool make_room(Instant now);

  // Ends every connection that waits.
  void close_waiting();

  // Connections that have not been told to leave.
  std::size_t size() const { return seated_; }

 private:
  void tell_to_leave(Entry& entry);

  Entry* longest_stalled(Instant now);

  const std::size_t limit_;
  const Duration stall_;
  std::list<Entry> entries_;  // those that wait in the order in which they began to
  std::size_t seated_ = 0;
};

}  // namespace sre
