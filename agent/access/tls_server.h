#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "agent/access/web_config.h"
#include "agent/base/problems.h"

namespace sre {

// What a server's TLS connections are made from. A connection keeps it for as long as it lives.
// Immutable once made.
struct TlsServer {
  // Mutable because Asio wants it so; nobody changes it once it is made.
  mutable boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
  bool verifies_clients = false;           // whose authority has signed their certificates
  std::vector<std::string> allowed_names;  // of clients; empty: every name
};

// Adds to `problems` what OpenSSL does not take; the result is complete only where there is none.
// Sessions are not resumed: each client shows its certificate, and is judged by what holds now.
std::shared_ptr<const TlsServer> make_tls_server(const TlsSettings& settings, Problems& problems);

}  // namespace sre
