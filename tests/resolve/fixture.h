#pragma once

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <optional>
#include <string>

#include "agent/resolve/resolver.h"
#include "tests/base/files.h"
#include "tests/resolve/fake_dns.h"

namespace sre {

// A resolver and a DNS server on one loop; no search list, and a hosts file of the test's own.
class ResolverTest : public testing::Test {
 protected:
  ResolverTest() : dns(io) {
    set_hosts("");
    ::setenv("CARES_HOSTS", (folder / "hosts").c_str(), 1);
    ::setenv("LOCALDOMAIN", "", 1);
    resolver.emplace(io, system_clock(), dns.servers());
  }

  void set_hosts(const std::string& text) { folder.write("hosts", text); }
  static Instant in(Duration d) { return system_clock().now() + d; }

  // Runs the loop until the coroutine has ended.
  template <class T>
  T run(boost::asio::awaitable<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
      if (error) std::rethrow_exception(error);
      result = std::move(value);
    });
    io.restart();
    while (!result && io.run_one() > 0) {
    }
    return result.value();
  }

  Resolution resolve(const std::string& host, IpFamily family = IpFamily::any,
                     Duration patience = std::chrono::seconds{60}) {
    return run(resolver->resolve(host, family, in(patience)));
  }
  MailExchangers resolve_mx(const std::string& domain) {
    return run(resolver->resolve_mx(domain, in(std::chrono::seconds{60})));
  }

  boost::asio::io_context io;
  FakeDns dns;
  test::ScratchFolder folder;
  std::optional<Resolver> resolver;
};

}  // namespace sre
