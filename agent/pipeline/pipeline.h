#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <set>
#include <string>

#include "agent/check/check.h"
#include "agent/knowledge/knowledge.h"
#include "agent/pipeline/inquiry.h"
#include "agent/resolve/resolver.h"
#include "agent/session/recorder.h"
#include "agent/session/session.h"
#include "agent/verdict/run.h"

namespace sre {

// The course of a run, the same for the daemon, the command line and an ad hoc probe:
//
//   check -> resolve (names to addresses) -> session (libcurl; the transcript) -> verdict
//   (knowledge)
//
// What remembers and shows a run comes after it and is not known here. Probe thread only.
class Pipeline {
 public:
  Pipeline(boost::asio::io_context& io, const Clock& clock, std::string dns_servers,
           std::shared_ptr<const Knowledge> knowledge);

  // Runs the check once, now. Ends within the check's timeout, whatever the network does; a fault
  // of the program itself becomes a verdict `internal_error` too. Throws where not even that can be
  // had for want of memory; then, and where the coroutine ends without a result, give_up() may do.
  boost::asio::awaitable<RunPtr> run(CheckPtr check, Recorder::Observer observer = {});

  // The run that was none, by a fault of the program itself.
  RunPtr give_up(CheckPtr check, std::string_view why) const;

  // For runs that begin from now on.
  void use(std::string dns_servers, std::shared_ptr<const Knowledge> knowledge);

  // All runs, those that begin later too, ask nothing more of their servers and take leave.
  void hurry_all();
  // Ends all runs under way at once; each gets its verdict.
  void expire_all();

 private:
  static boost::asio::awaitable<Transcript> transcribe(const Means& means, const Check& check,
                                                       Recorder recorder, Deadline& deadline);

  boost::asio::io_context& io_;
  const Clock& clock_;
  SessionContext sessions_;
  std::shared_ptr<Resolver> resolver_;
  std::shared_ptr<const Knowledge> knowledge_;
  std::set<Deadline*> under_way_;
  bool hurried_ = false;
};

}  // namespace sre
