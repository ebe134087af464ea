#pragma once

#include <memory>

namespace boost::asio {
class io_context;
}

namespace sre {

// One event loop on a thread of its own, for any number of scripted servers. It must outlive them.
// Thread-safe.
class ServerLoop {
 public:
  ServerLoop();
  ~ServerLoop();  // stops the loop and joins its thread
  ServerLoop(const ServerLoop&) = delete;
  ServerLoop& operator=(const ServerLoop&) = delete;

  boost::asio::io_context& context();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sre
