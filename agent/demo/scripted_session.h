#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "agent/base/clock.h"
#include "agent/base/guarded.h"
#include "agent/demo/client_stream.h"
#include "agent/demo/script.h"
#include "agent/demo/scripted_server.h"

namespace sre {

// What all sessions of one scripted server share. Server loop's thread only, but for `record`.
struct SessionShared {
  explicit SessionShared(Script behaviour) : script(std::move(behaviour)) {}

  const Script script;
  std::optional<boost::asio::ssl::context> tls;  // there when the script has TLS
  const Clock* clock = nullptr;
  Instant started;
  bool keep_received = false;

  Guarded<ServerRecord> record;

  std::map<std::pair<std::size_t, std::string>, int> counts;  // for rules with `first_times`
  std::set<ClientStream*> clients;                            // all that are connected
};

// Serves one client until either side has had enough. Never throws.
boost::asio::awaitable<void> serve_client(std::shared_ptr<SessionShared> shared,
                                          boost::asio::ip::tcp::socket socket);

}  // namespace sre
