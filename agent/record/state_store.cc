#include "agent/record/state_store.h"

#include <exception>
#include <utility>

#include "agent/base/fault.h"
#include "agent/base/log.h"
#include "agent/base/thread.h"

namespace sre {
namespace {

constexpr auto kPruneEvery = std::chrono::hours{24};
// Checks that flap all day must not wait for the daily round.
constexpr std::size_t kPruneAfterRows = 100'000;

}  // namespace

StateStore::StateStore(std::filesystem::path file, const Clock& clock, Options options)
    : file_(std::move(file)),
      clock_(clock),
      options_(options),
      shared_{.inbox{options.times_after, options.waiting_transitions, clock.now()}, .saved{}} {
  if (open()) {
    if (auto saved = database_->load(options_.loaded_transitions)) {
      for (const auto& [id, check] : *saved) known_.emplace(id, check.standing);
      begin_with(std::move(*saved));
    } else {
      give_up(saved.error());
    }
  } else if (!lock_) {
    borrow();
  }
  thread_ = std::thread([this] { run(); });
}

// Another agent has the file, which may be our predecessor in its last seconds: what it says is
// still what we begin with, for what is written later goes on from there. It is no part of what we
// know, since the other may know better by the time the file is ours.
void StateStore::borrow() {
  shared_.borrowed = true;
  auto saved = StateDatabase::read(file_, options_.loaded_transitions);
  if (saved) begin_with(std::move(*saved));
}

void StateStore::begin_with(SavedState saved) {
  log::info("state file read", {{"file", file_.string()}, {"checks", saved.size()}});
  shared_.saved = std::move(saved);
}

StateStore::~StateStore() {
  {
    const std::lock_guard lock(mutex_);
    shared_.stop = true;
  }
  changed_.notify_all();
  thread_.join();
}

SavedState StateStore::take_saved() {
  const std::lock_guard lock(mutex_);
  return std::exchange(shared_.saved, {});
}

void StateStore::save(const std::string& id, const Standing& standing,
                      const std::optional<Transition>& transition) {
  const std::lock_guard lock(mutex_);
  shared_.inbox.save(id, standing, transition);
}

void StateStore::forget(const std::unordered_set<std::string>& ids) {
  const std::lock_guard lock(mutex_);
  // They may be the other agent's; of our own, the next start sees that they are gone.
  if (shared_.borrowed) return;
  shared_.inbox.forget(ids);
}

void StateStore::flush() {
  std::unique_lock lock(mutex_);
  const auto mine = ++shared_.flushes_wanted;
  changed_.notify_all();
  changed_.wait(lock, [&] { return shared_.flushes_done >= mine; });
}

void StateStore::run() {
  begin_thread("state");
  bool stop = false;
  while (!stop) {
    std::uint64_t flushes = 0;
    try {
      write(collect(stop, flushes));
    } catch (const std::exception& error) {
      // Out of memory. Standings that are lost by it come anew with the next run of each check;
      // a transition, or that a check is gone, does not.
      caught([&] { complain({StateError::Kind::unavailable, describe(error)}); });
    }
    const std::lock_guard lock(mutex_);
    if (shared_.flushes_done == flushes) continue;
    shared_.flushes_done = flushes;
    changed_.notify_all();
  }
}

StateBatch StateStore::collect(bool& stop, std::uint64_t& flushes) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, options_.tick, [&] { return shared_.hurry(); });
  stop = shared_.stop;
  flushes = shared_.flushes_wanted;
  // Whoever waits for a flush, or for the end, wants one more try now.
  if (shared_.hurry()) next_try_.reset();
  return shared_.inbox.take(clock_.now(), shared_.hurry());
}

void StateStore::write(StateBatch batch) {
  for (const auto& id : batch.forgotten()) known_.erase(id);
  for (const auto& [id, standing] : batch.standings()) known_.insert_or_assign(id, standing);
  unwritten_.append(std::move(batch));
  if (unwritten_.empty()) return;
  if (ready()) {
    auto written = database_->write(unwritten_);
    // What cannot be mended is put aside, and the whole state goes into a new file at once.
    if (!written && written.error().kind == StateError::Kind::unusable) {
      if (begin_anew(written.error())) written = database_->write(unwritten_);
    }
    if (written) {
      if (complained_.exchange(false)) {
        log::info("state file is written again", {{"file", file_.string()}});
      }
      added_since_prune_ += unwritten_.transitions().size();
      unwritten_ = {};
      return;
    }
    complain(written.error());
  }
  const auto lost = unwritten_.limit_transitions(options_.waiting_transitions);
  if (lost > 0) log::warn("transitions lost to the state file", {{"count", lost}});
}

bool StateStore::ready() {
  if (next_try_ && clock_.now() < *next_try_) return false;
  // A file that was deleted under us still takes writes, which nobody would ever read.
  if (database_ && !database_->in_place()) database_.reset();
  return (database_ || open()) && prune_when_due();
}

bool StateStore::open() {
  // Taken anew each time: the one that is held may lie in a folder that is gone.
  lock_.reset();
  auto lock = StateLock::take(file_);
  if (!lock) return give_up(lock.error());
  lock_.emplace(std::move(*lock));
  {
    const std::lock_guard guard(mutex_);
    shared_.borrowed = false;
  }
  auto opened = StateDatabase::open(file_);
  if (!opened) return give_up(opened.error());
  adopt(std::move(*opened));
  return true;
}

bool StateStore::give_up(const StateError& error) {
  if (error.kind == StateError::Kind::unusable) return begin_anew(error);
  database_.reset();
  complain(error);
  return false;
}

bool StateStore::begin_anew(const StateError& error) {
  database_.reset();
  const auto aside = set_aside(file_, clock_.wall());
  if (!aside) {
    complain(error);
    return false;
  }
  log::error("state file cannot be used; it was set aside and a new one is begun",
             {{"file", file_.string()}, {"moved_to", aside->string()}, {"err", error.message}});
  auto opened = StateDatabase::open(file_);
  if (!opened) {
    complain(opened.error());
    return false;
  }
  adopt(std::move(*opened));
  return true;
}

void StateStore::adopt(StateDatabase database) {
  database_.emplace(std::move(database));
  // Once the agent runs, what it knows is newer than what any file holds.
  StateBatch all;
  for (const auto& [id, standing] : known_) all.save(id, standing);
  all.append(std::exchange(unwritten_, {}));
  unwritten_ = std::move(all);
}

// Before a write, not after it: damage that is found here costs nothing then, for what begins anew
// holds what is about to be written.
bool StateStore::prune_when_due() {
  const auto now = clock_.now();
  if (next_prune_ && now < *next_prune_ && added_since_prune_ < kPruneAfterRows) return true;
  next_prune_ = now + kPruneEvery;
  added_since_prune_ = 0;
  const auto pruned = database_->prune(options_.retention, clock_.wall());
  if (pruned) return true;
  if (pruned.error().kind == StateError::Kind::unusable) return begin_anew(pruned.error());
  // A disk with too little room to delete may still have enough to write.
  next_prune_ = now + options_.retry;
  log::warn("old transitions could not be deleted from the state file; it is tried again",
            {{"file", file_.string()}, {"err", pruned.error().message}});
  return true;
}

void StateStore::complain(const StateError& error) {
  next_try_ = clock_.now() + options_.retry;
  if (complained_.exchange(true)) return;
  log::error("state file cannot be used; the checks go on without it, and it is tried again",
             {{"file", file_.string()}, {"err", error.message}});
}

}  // namespace sre
