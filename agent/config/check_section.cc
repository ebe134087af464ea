#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/base/duration.h"
#include "agent/config/defaults.h"
#include "agent/config/rules.h"
#include "agent/config/sections.h"

namespace sre {
namespace {

constexpr std::array<std::string_view, 8> kUntilNames = {"banner", "ehlo", "starttls", "auth",
                                                         "mail",   "rcpt", "data",     "message"};

std::vector<std::string_view> kind_names() {
  std::vector<std::string_view> names;
  for (const Kind kind : kKinds) names.push_back(to_string(kind));
  return names;
}

// The first phase that can answer the kind's question.
Phase earliest_end(Kind kind, const Target& target) {
  switch (kind) {
    case Kind::greeting:
      return Phase::banner;
    case Kind::tls:
      return target.tls == TlsMode::implicit ? Phase::banner : Phase::starttls;
    case Kind::login:
    case Kind::login_refused:
      return Phase::auth;
    case Kind::login_required:
    case Kind::relay_refused:
    case Kind::recipient:
    case Kind::delivery:
      return Phase::mail;
  }
  return Phase::quit;
}

// Where the dialogue ends: where its kind does, or earlier where the table says so.
Phase read_until(TableReader& table, Kind kind, const Target& target) {
  const Phase last = traits(kind).until;
  const auto until = table.choice("until", parse_phase, kUntilNames);
  if (!until) return last;
  const Phase first = earliest_end(kind, target);
  const bool inside = *until >= first && *until <= last;
  // Between DATA and the end of the message nobody can take leave.
  if (inside && *until != Phase::data) return *until;
  const auto cure = first == last
                        ? fmt::format("it ends with {}; take the key away", to_string(last))
                        : fmt::format("write a phase from {} to {}{}", to_string(first),
                                      to_string(last), last > Phase::data ? ", but not data" : "");
  table.problem("until", fmt::format("a {} check cannot end with {}; {}", to_string(kind),
                                     to_string(*until), cure));
  return last;
}

// Reports a question that this target cannot be asked.
void check_sense(TableReader& table, const Check& check) {
  if (lacks_tls(check)) {
    table.problem("kind",
                  "a tls check has nothing to look at where tls = \"none\"; take the check "
                  "away, or write tls = \"starttls\" or \"implicit\"");
  }
  if (lacks_credentials(check)) {
    // A module is target and check in one.
    const auto outer = table.id() == TableId::check ? TableId::target : table.id();
    table.problem("kind", fmt::format("a {} check needs credentials; write credentials = \"NAME\" "
                                      "of a [credentials.NAME] table in {}",
                                      to_string(check.kind), title(outer)));
  }
}

// Reports an address that no phase of the check would say.
void check_unused(TableReader& table, std::string_view key, Phase phase, const Check& check) {
  if (!table.mentions(key) || check.until >= phase) return;
  table.problem(key, fmt::format("a {} check that ends with {} never says {}; take the key away",
                                 to_string(check.kind), to_string(check.until), key));
}

void read_sender(TableReader& table, Check& check) {
  check_unused(table, "from", Phase::mail, check);
  const auto from = table.text_if("from", check_sender);
  if (check.until >= Phase::mail) check.from = from ? from->value : default_sender(check);
}

// `from` has been read before: it is the recipient of a login_required check, as somebody's own
// address is the least likely to be refused for another reason.
void read_recipient(TableReader& table, Check& check) {
  check_unused(table, "to", Phase::rcpt, check);
  const auto to = table.text_if("to", check_recipient);
  if (check.until < Phase::rcpt) return;
  check.to = to ? to->value : default_recipient(check).value_or("");
  if (lacks_recipient(check) && !table.mentions("to")) {
    // The table may be a name in `checks` only, which has no place for a recipient.
    table.problem("", fmt::format("a {0} check needs a recipient; write it as {1} with kind = "
                                  "\"{0}\" and to = \"postmaster@example.com\", or yours",
                                  to_string(check.kind), title(table.id())));
  }
}

// What is wrong with an `expect` for `phase`, or nothing.
std::string unexpectable(std::string_view name, std::optional<Phase> phase, const Check& check) {
  std::vector<std::string_view> reached;
  for (const auto& [known, pattern] : check.expect) reached.push_back(to_string(known));
  if (!phase) return fmt::format("{} is no phase{}", in_quotes(name), suggestion(name, reached));
  if (check.expect.contains(*phase)) return {};
  if (!has_reply(*phase)) {
    return fmt::format("no reply comes in the phase {}; a reply can be expected in {}", name,
                       fmt::join(reached, ", "));
  }
  return fmt::format("this {} check judges no reply in the phase {}; it does in {}",
                     to_string(check.kind), name, fmt::join(reached, ", "));
}

// Configured patterns replace those of the kind, phase by phase.
void read_expectations(TableReader& table, Check& check, Problems& problems) {
  check.expect = default_expectations(check.kind, *check.target, check.until);
  const auto* expect = table.find("expect");
  if (expect == nullptr) return;
  for (const auto& item : expect->items) {
    const auto phase = parse_phase(item.key);
    if (auto problem = unexpectable(item.key, phase, check); !problem.empty()) {
      problems.add(item.key_place, "expect: " + std::move(problem));
      continue;
    }
    if (item.type != Node::Type::string) {
      problems.add(item.place,
                   fmt::format("expect: {} must be a string in quotes, such as \"250\", "
                               "not {}",
                               item.key, with_article(item.type)));
      continue;
    }
    if (auto pattern = ReplyPattern::parse(item.text)) {
      check.expect.insert_or_assign(*phase, std::move(*pattern));
    } else {
      problems.add(item.place, "expect: " + pattern.error().message);
    }
  }
}

}  // namespace

std::optional<Kind> read_kind(TableReader& table) {
  return table.choice("kind", parse_kind, kind_names());
}

Check read_check(TableReader& table, Kind kind, const std::shared_ptr<const Target>& target,
                 const std::string& helo, Problems& problems) {
  Check check;
  check.target = target;
  check.kind = kind;
  check.name = to_string(kind);
  check.helo = helo;
  if (const auto name = table.text_if("name", check_name)) check.name = name->value;
  if (const auto own = table.text_if("helo", check_helo)) check.helo = own->value;
  check_sense(table, check);
  check.until = read_until(table, kind, *target);
  read_sender(table, check);
  read_recipient(table, check);
  read_expectations(table, check, problems);
  if (const auto validity = table.duration("min_validity", Duration::zero())) {
    check.min_validity = validity->value;
    if (kind != Kind::tls) {
      table.problem("min_validity",
                    fmt::format("only a tls check looks at it, not a {} check; take "
                                "the key away",
                                to_string(kind)));
    }
  }
  return check;
}

void read_timing(TableReader& table, const Inherited& inherited, Check& check) {
  auto settings = inherit(table, inherited);
  // Only an interval of the check's own can make a kind run more often than is good for it.
  if (!table.mentions("interval")) {
    settings.interval.value =
        std::max(settings.interval.value, traits(check.kind).default_interval);
  }
  check.interval = settings.interval.value;
  check.timeout = effective_timeout(settings);
  if (check.timeout <= check.interval) return;
  // The later of the two places is most often the one that was meant to be special.
  table.problem_at(std::max(settings.timeout.place, settings.interval.place),
                   fmt::format("the timeout, {}, is longer than the interval, {}; a run must end "
                               "before the next begins",
                               format_duration(check.timeout), format_duration(check.interval)));
}

}  // namespace sre
