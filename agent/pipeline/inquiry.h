#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "agent/check/check.h"
#include "agent/knowledge/knowledge.h"
#include "agent/resolve/resolver.h"
#include "agent/session/recorder.h"
#include "agent/session/session.h"

namespace sre {

// What one run uses from its begin to its end, whatever a reload brings meanwhile.
struct Means {
  SessionContext& sessions;
  std::shared_ptr<Resolver> resolver;
  std::shared_ptr<const Knowledge> knowledge;
};

// One run's way to the servers of its target: the mail exchangers of a domain, the addresses of a
// host, the dialogue with one address or with each. A name is looked up when its turn has come, so
// that one whose lookup hangs keeps nobody from the hosts before it. All that it is given must
// outlive it. Probe thread only.
class Inquiry {
 public:
  Inquiry(const Means& means, const Check& check, Deadline& deadline)
      : means_(means), check_(check), deadline_(deadline) {}

  // Asks, and gives what was seen. Ends by the deadline.
  boost::asio::awaitable<Transcript> run(Recorder recorder);

 private:
  boost::asio::awaitable<std::vector<std::string>> find_hosts(Recorder& recorder);
  boost::asio::awaitable<std::vector<std::string>> find_addresses(const std::string& host,
                                                                  Instant by, Recorder& recorder);
  boost::asio::awaitable<Transcript> ask_first(const std::vector<std::string>& hosts,
                                               Recorder recorder);
  boost::asio::awaitable<Transcript> ask_each(const std::vector<std::string>& hosts,
                                              Recorder recorder);
  boost::asio::awaitable<void> ask(const Endpoint& endpoint, Recorder& recorder);

  const Means& means_;
  const Check& check_;
  Deadline& deadline_;
};

}  // namespace sre
