#include "agent/demo/server_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "agent/base/thread.h"

namespace sre {

struct ServerLoop::Impl {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work =
      boost::asio::make_work_guard(context);
  std::thread thread{[this] {
    begin_thread("demo");
    context.run();
  }};
};

ServerLoop::ServerLoop() : impl_(std::make_unique<Impl>()) {}

ServerLoop::~ServerLoop() {
  impl_->context.stop();
  impl_->thread.join();
}

boost::asio::io_context& ServerLoop::context() { return impl_->context; }

}  // namespace sre
