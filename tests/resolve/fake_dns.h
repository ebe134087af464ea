#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sre {

enum class DnsType : std::uint16_t { a = 1, mx = 15, aaaa = 28 };
enum class DnsCode : std::uint8_t { ok = 0, servfail = 2, nxdomain = 3, refused = 5 };

// One resource record of an answer, its data in wire format.
struct DnsRecord {
  std::string data;
  std::uint32_t ttl = 300;
};
DnsRecord address_record(const std::string& address, std::uint32_t ttl = 300);
DnsRecord mx_record(std::uint16_t preference, const std::string& host);

// How a question is answered.
struct DnsReply {
  DnsCode code = DnsCode::ok;
  std::vector<DnsRecord> records{};
  bool mute = false;       // says nothing, until answer_held()
  bool truncated = false;  // over UDP: nothing but the TC flag
  std::string raw{};       // not empty: this, in the place of everything behind the id
};

// A DNS server on a loopback port of its own choice, UDP and TCP, with answers by name and type.
// Lives on the test's loop.
class FakeDns {
 public:
  explicit FakeDns(boost::asio::io_context& io);

  std::string servers() const;  // as the resolver takes it
  void set(const std::string& name, DnsType type, DnsReply reply) {
    replies_[{name, type}] = std::move(reply);
  }
  // A name with these addresses, and nothing of the other family.
  void set_addresses(const std::string& name, const std::vector<std::string>& addresses);
  // The same for both families: a code, or silence.
  void set_both(const std::string& name, const DnsReply& reply);
  // Answers over UDP what was left unanswered, as it would be answered now.
  void answer_held();
  // From now on there is nobody at the port.
  void close();

  int asked(const std::string& name, DnsType type) const;
  int tcp_connections() const { return tcp_connections_; }

 private:
  struct Connection;
  void receive();
  void accept();
  void read_tcp(const std::shared_ptr<Connection>& connection);
  // Nothing when the server is mute. Names without a reply do not exist.
  std::string answer(const std::string& question, bool tcp);

  boost::asio::ip::tcp::acceptor tcp_;
  boost::asio::ip::udp::socket udp_;
  boost::asio::ip::udp::endpoint sender_;
  std::array<char, 1500> datagram_{};
  std::map<std::pair<std::string, DnsType>, DnsReply> replies_;
  std::map<std::pair<std::string, DnsType>, int> asked_;
  std::vector<std::pair<std::string, boost::asio::ip::udp::endpoint>> held_;
  int tcp_connections_ = 0;
};

}  // namespace sre
