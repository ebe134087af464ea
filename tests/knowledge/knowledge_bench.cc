// How many replies a second one core classifies, counted in CPU time of this process: replies of
// the length and mix that servers send, and the slowest kind a server could think of.
#include <fmt/format.h>

#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "agent/knowledge/knowledge.h"

namespace sre {
namespace {

struct Asked {
  Phase phase;
  const char* reply;
};

constexpr Asked kReplies[] = {
    {Phase::banner, "220 mx.example.net ESMTP ready"},
    {Phase::ehlo, "250 mx.example.net"},
    {Phase::auth, "235 2.7.0 Authentication successful"},
    {Phase::auth, "535 5.7.8 Error: authentication failed: (reason unavailable)"},
    {Phase::auth, "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect."},
    {Phase::auth, "454 4.7.0 Temporary authentication failure: Connection lost to server"},
    {Phase::mail, "530 5.7.0 Must issue a STARTTLS command first"},
    {Phase::mail, "550 5.7.60 SMTP; Client does not have permissions to send as this sender"},
    {Phase::rcpt, "550 5.1.1 <a@example.net>: Recipient address rejected: User unknown in table"},
    {Phase::rcpt, "554 5.7.1 <a@example.org>: Relay access denied"},
    {Phase::rcpt, "450 4.2.0 <a@example.net>: Recipient address rejected: Greylisted, see help"},
    {Phase::rcpt, "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using a list"},
    {Phase::message, "552 5.2.2 The recipient's inbox is out of storage space. ab1cd2ef - gsmtp"},
    {Phase::message, "550 5.7.1 Our system has detected that this message is likely unsolicited."},
    {Phase::quit, "221 2.0.0 Bye"},
};

// The same with names, addresses and numbers that no other reply has: nothing is met twice.
std::string with_other_names(const char* reply, std::mt19937& random) {
  std::string text(reply);
  const auto number = std::to_string(random() % 1'000'000);
  text += " (" + std::to_string(random() % 256) + "." + std::to_string(random() % 256) + ".2." +
          std::to_string(random() % 256) + ") [mx" + number + ".host" + number + ".example] " +
          number;
  return text;
}

// Words of many rules in random order: nearly every byte leads to a state never seen before.
Reply hard_reply(std::mt19937& random) {
  constexpr const char* kWords[] = {"user",   "mailbox",  "not",  "spam", "recipient", "sender",
                                    "is",     "rejected", "the",  "tls",  "too many",  "address",
                                    "domain", "message",  "from", "auth"};
  std::string text;
  while (text.size() < 64 * 1024) text += std::string(kWords[random() % std::size(kWords)]) + ' ';
  return {550, {}, {text}};
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double seconds_each(const std::vector<std::pair<Phase, Reply>>& asked, int rounds) {
  const auto& knowledge = *Knowledge::built_in();
  std::size_t sum = 0;
  const double start = cpu_seconds();
  for (int round = 0; round < rounds; ++round) {
    for (const auto& [phase, reply] : asked) sum += knowledge.classify(phase, reply).rule_id.size();
  }
  const double each = (cpu_seconds() - start) / (static_cast<double>(asked.size()) * rounds);
  return sum > 0 ? each : 0;  // the answers are used, so that none is left out
}

void run() {
  const double start = cpu_seconds();
  Knowledge::built_in();
  fmt::print("building the knowledge base: {:.0f} ms\n", (cpu_seconds() - start) * 1e3);
  std::vector<std::pair<Phase, Reply>> usual;
  for (const auto& [phase, reply] : kReplies) usual.emplace_back(phase, Reply::from_text(reply));
  seconds_each(usual, 100);  // what the patterns need is found while they are read
  fmt::print("usual replies: {:.0f} a second\n", 1 / seconds_each(usual, 20'000));
  std::mt19937 random(1);
  std::vector<std::pair<Phase, Reply>> different;
  for (int i = 0; i < 300'000; ++i) {
    const auto& [phase, reply] = kReplies[random() % std::size(kReplies)];
    different.emplace_back(phase, Reply::from_text(with_other_names(reply, random)));
  }
  fmt::print("replies no two of which are equal: {:.0f} a second\n",
             1 / seconds_each(different, 1));
  std::vector<std::pair<Phase, Reply>> hard;
  for (int i = 0; i < 50; ++i) hard.emplace_back(Phase::rcpt, hard_reply(random));
  fmt::print("replies of 64 KiB, made to be slow: {:.1f} ms each\n", seconds_each(hard, 1) * 1e3);
}

}  // namespace
}  // namespace sre

int main() { sre::run(); }
