#include "tests/resolve/fake_dns.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace sre {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr std::size_t kHeader = 12;

std::string be16(std::size_t value) {
  return {static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)};
}
std::size_t read16(const std::string& text, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(text.at(at))) << 8 |
         static_cast<unsigned char>(text.at(at + 1));
}

std::string wire_name(const std::string& name) {
  std::string wire;
  std::size_t begin = 0;
  while (begin < name.size()) {
    const auto end = std::min(name.find('.', begin), name.size());
    wire += static_cast<char>(end - begin) + name.substr(begin, end - begin);
    begin = end + 1;
  }
  return wire + '\0';
}

}  // namespace

DnsRecord address_record(const std::string& text, std::uint32_t ttl) {
  const auto address = asio::ip::make_address(text);
  const auto to_record = [ttl](const auto& bytes) {
    return DnsRecord{{bytes.begin(), bytes.end()}, ttl};
  };
  return address.is_v4() ? to_record(address.to_v4().to_bytes())
                         : to_record(address.to_v6().to_bytes());
}

DnsRecord mx_record(std::uint16_t preference, const std::string& host) {
  return {be16(preference) + wire_name(host)};
}

struct FakeDns::Connection {
  explicit Connection(tcp::socket s) : socket(std::move(s)) {}
  tcp::socket socket;
  std::array<char, 2> size{};
  std::string text;
};

FakeDns::FakeDns(asio::io_context& io)
    // TCP chooses the number: connections of others hold many of its ports, and hardly any of
    // UDP's.
    : tcp_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      udp_(io, udp::endpoint(asio::ip::address_v4::loopback(), tcp_.local_endpoint().port())) {
  receive();
  accept();
}

std::string FakeDns::servers() const {
  return "127.0.0.1:" + std::to_string(udp_.local_endpoint().port());
}

void FakeDns::set_addresses(const std::string& name, const std::vector<std::string>& addresses) {
  DnsReply v4;
  DnsReply v6;
  for (const auto& address : addresses) {
    auto& reply = address.find(':') == std::string::npos ? v4 : v6;
    reply.records.push_back(address_record(address));
  }
  set(name, DnsType::a, v4);
  set(name, DnsType::aaaa, v6);
}

void FakeDns::set_both(const std::string& name, const DnsReply& reply) {
  set(name, DnsType::a, reply);
  set(name, DnsType::aaaa, reply);
}

void FakeDns::close() {
  udp_.close();
  tcp_.close();
}

void FakeDns::answer_held() {
  for (const auto& [question, asker] : held_) {
    udp_.send_to(asio::buffer(answer(question, false)), asker);
  }
  held_.clear();
}

int FakeDns::asked(const std::string& name, DnsType type) const {
  const auto found = asked_.find({name, type});
  return found == asked_.end() ? 0 : found->second;
}

void FakeDns::receive() {
  udp_.async_receive_from(asio::buffer(datagram_), sender_, [this](error_code error, auto size) {
    if (error) return;
    const std::string question(datagram_.data(), size);
    const std::string reply = answer(question, false);
    if (reply.empty()) {
      held_.emplace_back(question, sender_);
    } else {
      udp_.send_to(asio::buffer(reply), sender_, 0, error);
    }
    receive();
  });
}

void FakeDns::accept() {
  tcp_.async_accept([this](error_code error, tcp::socket socket) {
    if (error) return;
    ++tcp_connections_;
    read_tcp(std::make_shared<Connection>(std::move(socket)));
    accept();
  });
}

void FakeDns::read_tcp(const std::shared_ptr<Connection>& connection) {
  asio::async_read(connection->socket, asio::buffer(connection->size),
                   [this, connection](error_code error, auto) {
                     if (error) return;
                     connection->text.resize(read16({connection->size.data(), 2}, 0));
                     asio::async_read(connection->socket, asio::buffer(connection->text),
                                      [this, connection](error_code failed, auto) {
                                        if (failed) return;
                                        const std::string reply = answer(connection->text, true);
                                        asio::write(connection->socket,
                                                    asio::buffer(be16(reply.size()) + reply),
                                                    failed);
                                        if (!failed) read_tcp(connection);
                                      });
                   });
}

std::string FakeDns::answer(const std::string& question, bool tcp) {
  std::string name;
  std::size_t at = kHeader;
  while (question.at(at) != 0) {
    const auto size = static_cast<std::size_t>(question.at(at));
    name += (name.empty() ? "" : ".") + question.substr(at + 1, size);
    at += size + 1;
  }
  const auto type = static_cast<DnsType>(read16(question, at + 1));
  const std::string asked = question.substr(kHeader, at + 5 - kHeader);
  ++asked_[{name, type}];

  const auto found = replies_.find({name, type});
  DnsReply absent;
  absent.code = DnsCode::nxdomain;
  const DnsReply reply = found == replies_.end() ? absent : found->second;
  if (reply.mute) return "";
  const std::string id = question.substr(0, 2);
  if (!reply.raw.empty()) return id + reply.raw;
  const bool cut = reply.truncated && !tcp;
  const std::size_t count = cut ? 0 : reply.records.size();
  std::string text = id + be16(0x8180U | (cut ? 0x0200U : 0U) | static_cast<unsigned>(reply.code)) +
                     be16(1) + be16(count) + be16(0) + be16(0) + asked;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& record = reply.records[i];
    // 0xC00C points at the name in the question.
    text += be16(0xC00C) + be16(static_cast<std::size_t>(type)) + be16(1) + be16(record.ttl >> 16) +
            be16(record.ttl & 0xFFFF) + be16(record.data.size()) + record.data;
  }
  return text;
}

}  // namespace sre
