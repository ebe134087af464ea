#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "agent/check/check.h"
#include "agent/session/curl_loop.h"
#include "agent/session/deadline.h"
#include "agent/session/dial.h"
#include "agent/session/recorder.h"
#include "agent/session/sasl.h"
#include "agent/session/trust_store.h"

namespace sre {

// What all sessions share, and what outlives them all: end every deadline and let the loop run dry
// before it goes. Probe thread only.
class SessionContext {
 public:
  explicit SessionContext(boost::asio::io_context& io) : io_(io) {}

  boost::asio::io_context& io() { return io_; }
  // A libcurl loop with room for one more connection.
  CurlLoop& loop();
  TrustStores& trust() { return trust_; }
  const Sasl& sasl() const { return sasl_; }

 private:
  boost::asio::io_context& io_;
  std::vector<std::unique_ptr<CurlLoop>> loops_;
  TrustStores trust_;
  Sasl sasl_;
};

// Asks `endpoint` what `check` wants to know and writes everything into `recorder`: connection,
// TLS, dialogue, goodbye. True when a connection was made; false when another address may still be
// tried. The TCP connection must stand by `connect_by`; all ends by `deadline` whatever the server
// does. Never throws for anything a server does. All that it is given must outlive it.
boost::asio::awaitable<bool> converse(SessionContext& context, const Check& check,
                                      const Endpoint& endpoint, Recorder& recorder,
                                      Instant connect_by, Deadline& deadline);

}  // namespace sre
