#include "tests/dialogues/run/run.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

#include "agent/base/clock.h"
#include "agent/knowledge/knowledge.h"
#include "agent/pipeline/pipeline.h"

namespace sre {

RunPtr run_once(CheckPtr check) {
  boost::asio::io_context io{1};
  Pipeline pipeline(io, system_clock(), "", Knowledge::built_in());
  auto run = boost::asio::co_spawn(io, pipeline.run(std::move(check)), boost::asio::use_future);
  io.run();
  return run.get();
}

}  // namespace sre
