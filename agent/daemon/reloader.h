#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "agent/access/door.h"
#include "agent/base/clock.h"
#include "agent/base/result.h"
#include "agent/loading/loading.h"

namespace sre {

// All that a reload reads, ready to be put to work.
struct Renewal {
  Loading loading;
  AccessPtr access;
};

// What happens on the thread of a Reloader. All are set. What one throws, which is a lack of
// memory, is an error of that reload or of that look, and no more.
struct ReloadSteps {
  // Reads the files and builds what they say. It may take as long as they do, for ever where their
  // file system hangs: it must use nothing that does not live as long as the step itself.
  std::function<Result<Renewal>(Instant began)> read;
  // Puts it to work; quick.
  std::function<void(const Renewal&)> take;
  // Tells what the reload that began at `began` came to.
  std::function<void(const Result<void>& outcome, Instant began)> tell;
  // Once a second, between reloads, where it is set: has the rules of read().
  std::function<void()> look;
};

// Reloads, and looks at files, on a thread of its own, one after the other: no thread that serves
// or checks waits for a disk or for the reading of ten thousand targets. Thread-safe but for
// start() and stop(), which belong to the owner.
class Reloader {
 public:
  // Told what a reload came to, on the reload thread; where it is refused, on the asker's or on
  // that of stop(). It must be quick.
  using Done = std::function<void(const Result<void>&)>;

  // How long stop() waits for a file, counted from refuse().
  static constexpr Duration kPatience = std::chrono::seconds{3};

  explicit Reloader(ReloadSteps steps, Duration patience = kPatience);
  ~Reloader();  // stops
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  // From here on there are reloads; whoever has asked before has waited.
  void start();

  // Asks for a reload that begins after this call. All who ask while one is under way share the
  // next, since each wants the files as they are from now on. `done` is called once, unless there
  // is no memory for it; it may be empty.
  void ask(Done done = {});

  // Takes no more requests, and tells those who wait that there will be no answer. Once it has
  // returned, neither take(), tell() nor a `done` is called any more.
  void refuse() noexcept;

  // refuse(), and ends the thread. One that still waits for a file when the patience is over is
  // left behind, and ends by itself when the file comes.
  void stop() noexcept;

 private:
  struct Work;

  const Duration patience_;
  const std::shared_ptr<Work> work_;  // shared with the thread, which may be left behind
  std::thread thread_;
};

}  // namespace sre
