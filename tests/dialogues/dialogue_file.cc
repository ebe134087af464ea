#include "tests/dialogues/dialogue_file.h"

#include <fmt/format.h>

#include <utility>

#include "agent/base/duration.h"
#include "agent/base/text.h"
#include "agent/demo/script_parser.h"

namespace sre {
namespace {

using Outcome = Result<void>;

// What a `check` part says, before it is a Check: the order of its lines does not matter.
struct CheckDraft {
  Check check;
  Target target;
  std::optional<Credentials> credentials;
  std::optional<Phase> until;
  std::vector<std::pair<Phase, ReplyPattern>> overrides;
};

std::string_view take_word(std::string_view& rest) {
  const auto word = rest.substr(0, rest.find(' '));
  rest = trim(rest.substr(word.size()));
  return word;
}

template <class T, class U>
Outcome put(std::optional<T> value, U& field, std::string_view text) {
  if (!value) return failure(fmt::format("\"{}\" is no value for this", text));
  field = std::move(*value);
  return {};
}

Outcome read_user(std::string_view words, CheckDraft& draft) {
  Credentials credentials;
  credentials.name = "dialogue";
  credentials.username = std::string(take_word(words));
  if (take_word(words) != "password" || words.empty()) {
    return failure("write user NAME password PASSWORD");
  }
  credentials.secret = Secret(std::string(words));
  credentials.hosts = {"127.0.0.1"};
  draft.credentials.emplace(std::move(credentials));
  return {};
}

Outcome read_override(std::string_view words, CheckDraft& draft) {
  const auto phase = parse_phase(take_word(words));
  auto pattern = ReplyPattern::parse(words);
  if (!phase || !pattern) return failure("write expect PHASE PATTERN");
  draft.overrides.emplace_back(*phase, std::move(*pattern));
  return {};
}

Outcome read_check_line(std::string_view line, CheckDraft& draft) {
  if (line == "allow cleartext login") {
    draft.target.allow_cleartext_login = true;
    return {};
  }
  if (line == "verify no") {
    draft.target.verify = false;
    return {};
  }
  auto value = line;
  const auto key = take_word(value);
  const auto text = std::optional(std::string(value));
  if (key == "kind") return put(parse_kind(value), draft.check.kind, value);
  if (key == "tls") return put(parse_tls_mode(value), draft.target.tls, value);
  if (key == "until") return put(parse_phase(value), draft.until, value);
  if (key == "timeout") return put(parse_duration(value), draft.check.timeout, value);
  if (key == "user") return read_user(value, draft);
  if (key == "expect") return read_override(value, draft);
  if (key == "helo") return put(text, draft.check.helo, value);
  if (key == "from") return put(text, draft.check.from, value);
  if (key == "to") return put(text, draft.check.to, value);
  if (key == "mechanism" && draft.credentials)
    return put(text, draft.credentials->mechanism, value);
  return failure(fmt::format("\"{}\" says nothing about a check", printable(line)));
}

Outcome read_expect_line(std::string_view line, DialogueExpectation& expected) {
  if (line == "passed" || line == "failed") {
    expected.passed = line == "passed";
    return {};
  }
  if (line == "secret never sent") {
    expected.secret_stays = true;
    return {};
  }
  if (line.starts_with("never received ")) {
    expected.not_received.emplace_back(trim(line.substr(15)));
    return {};
  }
  auto value = line;
  const auto key = take_word(value);
  const auto text = std::optional(std::string(value));
  if (key == "phase") return put(parse_phase(value), expected.phase, value);
  if (key == "reason") return put(parse_reason(value), expected.reason, value);
  if (key == "reply") return put(text, expected.reply, value);
  if (key == "replies") return put(text, expected.replies, value);
  if (key == "received") {
    expected.received.emplace_back(value);
    return {};
  }
  return failure(fmt::format("\"{}\" is nothing to expect", printable(line)));
}

Check finish(CheckDraft draft) {
  auto check = std::move(draft.check);
  if (draft.credentials) {
    draft.target.credentials = std::make_shared<const Credentials>(std::move(*draft.credentials));
  }
  check.target = std::make_shared<const Target>(std::move(draft.target));
  check.name = to_string(check.kind);
  check.until = draft.until.value_or(traits(check.kind).until);
  check.expect = default_expectations(check.kind, *check.target, check.until);
  for (auto& [phase, pattern] : draft.overrides) {
    check.expect.insert_or_assign(phase, std::move(pattern));
  }
  return check;
}

CheckDraft polite_check() {
  CheckDraft draft;
  draft.target.name = "dialogue";
  draft.target.host = "127.0.0.1";
  draft.target.tls = TlsMode::none;
  draft.check.timeout = std::chrono::seconds{20};
  draft.check.helo = "client.test";
  draft.check.from = "probe@client.test";
  draft.check.to = "someone@local.test";
  return draft;
}

}  // namespace

Result<Dialogue> parse_dialogue(std::string_view text) {
  CheckDraft draft = polite_check();
  DialogueExpectation expected;
  std::string part;
  std::string script;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto content = trim(line);
    // Every line has its place in the script's text, so that its errors name the file's lines.
    const bool indented = line.starts_with("  ");
    if (part == "server" && indented) script += line.substr(2);
    script += '\n';
    if (content.empty() || content.starts_with('#') || (part == "server" && indented)) continue;
    Outcome read;
    if (!indented) {
      part = content;
      if (part != "check" && part != "server" && part != "expect") {
        read = failure(fmt::format("\"{}\" is no part; write check, server or expect", part));
      }
    } else if (part == "check") {
      read = read_check_line(content, draft);
    } else {
      read = part == "expect" ? read_expect_line(content, expected)
                              : Outcome(failure("this line belongs to no part"));
    }
    if (!read) return failure(fmt::format("{}: {}", number, read.error().message));
  }
  auto server = parse_script(script);
  if (!server) return tl::unexpected(std::move(server.error()));
  return Dialogue{finish(std::move(draft)), std::move(*server), std::move(expected)};
}

std::vector<std::string> forms_of_secret(std::string_view secret) {
  std::vector<std::string> forms = {std::string(secret)};
  for (std::size_t before = 0; before < 3; ++before) {
    auto whole = base64_encode(std::string(before, 'x') + std::string(secret));
    // The first characters carry bits of what comes before, the last ones of what comes behind.
    const std::size_t foreign_start = before == 0 ? 0 : before + 1;
    const std::size_t foreign_end = (before + secret.size()) % 3 == 0 ? 0 : 4;
    if (whole.size() <= foreign_start + foreign_end) continue;
    forms.push_back(whole.substr(foreign_start, whole.size() - foreign_start - foreign_end));
  }
  return forms;
}

}  // namespace sre
