#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <optional>

namespace sre {

// Who is connected, so that there are never too many. A connection waits (for a request, whole or
// in part) or is busy (its answer is being made or sent); when all places are taken, the one that
// has waited longest makes room. Hence nobody can keep others out by connecting and saying nothing.
// Web thread only.
class ConnectionTable {
  struct Entry {
    std::function<void()> close;
    bool waiting = true;
    bool told_to_leave = false;
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

   private:
    friend class ConnectionTable;
    Seat(ConnectionTable& table, std::list<Entry>::iterator entry);

    ConnectionTable* table_;  // null once moved from
    std::list<Entry>::iterator entry_;
  };

  explicit ConnectionTable(std::size_t limit) : limit_(limit) {}
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  // A place for a connection that `close` would end; nothing when all are taken and busy. `close`
  // must only begin the end: the seat dies later.
  std::optional<Seat> admit(std::function<void()> close);

  // Ends the connection that has waited longest; false when none waits.
  bool make_room();

  // Ends every connection that waits.
  void close_waiting();

  // Connections that have not been told to leave.
  std::size_t size() const { return seated_; }

 private:
  void tell_to_leave(Entry& entry);

  const std::size_t limit_;
  std::list<Entry> entries_;  // those that wait in the order in which they began to
  std::size_t seated_ = 0;
};

}  // namespace sre
