#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "agent/web/connection_table.h"
#include "agent/web/http.h"
#include "agent/web/http_server.h"

namespace sre {

// What all connections of a server share. Web thread only.
struct Service {
  Handler handler;
  HttpLimits limits;
  TlsSource tls;
  ConnectionTable table;
  bool stopping = false;  // connections end after the answer under way
};

// Serves one client until it leaves or breaks a limit.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, Service& service);

}  // namespace sre
