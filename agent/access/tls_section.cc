#include "agent/access/tls_section.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <array>
#include <string_view>
#include <utility>

namespace sre {
namespace {

template <class T>
using Words = std::vector<std::pair<std::string_view, T>>;

const Words<ClientAuth> kClientAuth = {
    {"NoClientCert", ClientAuth::none},
    {"RequestClientCert", ClientAuth::request},
    {"VerifyClientCertIfGiven", ClientAuth::verify_if_given},
    {"RequireAnyClientCert", ClientAuth::require_any},
    {"RequireClientCert", ClientAuth::require_any},  // its name of old
    {"RequireAndVerifyClientCert", ClientAuth::require_and_verify}};
const Words<int> kVersions = {{"TLS10", TLS1_VERSION},
                              {"TLS11", TLS1_1_VERSION},
                              {"TLS12", TLS1_2_VERSION},
                              {"TLS13", TLS1_3_VERSION}};
// From the names of Go to those of OpenSSL.
const Words<std::string_view> kCurves = {
    {"CurveP256", "P-256"}, {"CurveP384", "P-384"}, {"CurveP521", "P-521"}, {"X25519", "X25519"}};

template <class T>
std::optional<T> meaning(std::string_view word, const Words<T>& words, std::string_view key,
                         Place place, Problems& problems) {
  std::vector<std::string_view> known;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    known.push_back(name);
  }
  problems.add(
      place, fmt::format("{} is no value of {}{}", in_quotes(word), key, suggestion(word, known)));
  return std::nullopt;
}

template <class T>
T choice(const YamlTable& table, const std::string& key, const Words<T>& words, T otherwise,
         Problems& problems) {
  const auto word = table.text(key);
  if (!word) return otherwise;
  return meaning(*word, words, key, table.place(key), problems).value_or(otherwise);
}

// Whether there is a PEM by that name, good or bad.
bool names_pem(const YamlTable& tls, const std::string& key) {
  return tls.text(key) || tls.text(key + "_file");
}

// `key` with the PEM itself, or `key_file` with its path.
std::optional<Pem> read_pem(const YamlTable& tls, const std::string& key, Readers readers,
                            Reading& reading) {
  const auto file_key = key + "_file";
  const auto inline_text = tls.text(key);
  const auto file = tls.text(file_key);
  if (inline_text && file) {
    reading.problems.add(tls.place(key),
                         fmt::format("{} and {} are both there; leave one out", key, file_key));
    return std::nullopt;
  }
  if (inline_text) return Pem{Secret(*inline_text), key, tls.place(key)};
  if (!file) return std::nullopt;
  const auto path = (reading.folder / *file).lexically_normal().native();
  reading.files.push_back(stamp_of(path));
  auto text = read_whole(path, readers);
  if (!text) {
    reading.problems.add(tls.place(file_key),
                         fmt::format("{}: {}", file_key, text.error().message));
    return std::nullopt;
  }
  return Pem{Secret(std::move(*text)), fmt::format("{} {}", file_key, in_quotes(path)),
             tls.place(file_key)};
}

Pem required_pem(const YamlTable& tls, const std::string& key, Readers readers, Place place,
                 Reading& reading) {
  auto pem = read_pem(tls, key, readers, reading);
  if (!pem && !names_pem(tls, key)) {
    reading.problems.add(place, fmt::format("tls_server_config has no {0}_file; name the file with "
                                            "the server's {1} in PEM",
                                            key, key == "cert" ? "certificate" : "private key"));
  }
  return pem ? std::move(*pem) : Pem{};
}

// A key in the configuration itself makes that a file that is not for everybody.
void mind_readers(const YamlTable& tls, Reading& reading) {
  const auto allowed = read_file(reading.files.front().path, 0, Readers::group);
  if (!allowed) reading.problems.add(tls.place("key"), "key: " + allowed.error().message);
}

void judge_client_auth(const TlsSettings& settings, const YamlTable& tls, Problems& problems) {
  const bool verifies = settings.client_auth == ClientAuth::verify_if_given ||
                        settings.client_auth == ClientAuth::require_and_verify;
  const bool has_ca = names_pem(tls, "client_ca");
  if (verifies && !has_ca) {
    problems.add(tls.place("client_auth_type"),
                 "client certificates are to be verified, but by whom? name client_ca_file");
  }
  if (has_ca && settings.client_auth == ClientAuth::none) {
    problems.add(tls.place(tls.has("client_ca") ? "client_ca" : "client_ca_file"),
                 "client certificates have an authority, but none is asked for; write "
                 "client_auth_type: RequireAndVerifyClientCert");
  }
  if (tls.has("client_allowed_sans") && settings.client_allowed_sans.empty()) {
    problems.add(tls.place("client_allowed_sans"),
                 "no client is named; leave client_allowed_sans out to let every name in");
  }
  // Whoever makes a certificate writes what names they like; an authority vouches for them.
  if (!settings.client_allowed_sans.empty() &&
      settings.client_auth != ClientAuth::require_and_verify) {
    problems.add(tls.place("client_allowed_sans"),
                 "names of clients mean something only where each certificate is verified; write "
                 "client_auth_type: RequireAndVerifyClientCert");
  }
}

void read_ciphers(const YamlTable& tls, TlsSettings& settings, Problems& problems) {
  settings.cipher_suites = tls.texts("cipher_suites");
  settings.cipher_place = tls.place("cipher_suites");
  settings.prefer_server_ciphers = tls.flag("prefer_server_cipher_suites").value_or(true);
  for (const auto& name : tls.texts("curve_preferences")) {
    const auto known =
        meaning(name, kCurves, "curve_preferences", tls.place("curve_preferences"), problems);
    if (!known) continue;
    if (!settings.groups.empty()) settings.groups += ':';
    settings.groups += *known;
  }
}

}  // namespace

std::optional<TlsSettings> read_tls(const YamlTable& tls, Place place, Reading& reading) {
  static constexpr std::array<std::string_view, 13> kKeys = {"cert",
                                                             "cert_file",
                                                             "key",
                                                             "key_file",
                                                             "client_ca",
                                                             "client_ca_file",
                                                             "min_version",
                                                             "client_auth_type",
                                                             "client_allowed_sans",
                                                             "max_version",
                                                             "cipher_suites",
                                                             "prefer_server_cipher_suites",
                                                             "curve_preferences"};
  if (tls.empty()) return std::nullopt;
  auto& problems = reading.problems;
  tls.allow_only(kKeys);
  TlsSettings settings;
  settings.certificate = required_pem(tls, "cert", Readers::anybody, place, reading);
  settings.key = required_pem(tls, "key", Readers::group, place, reading);
  settings.client_ca = read_pem(tls, "client_ca", Readers::anybody, reading);
  if (tls.text("key")) mind_readers(tls, reading);
  settings.client_auth = choice(tls, "client_auth_type", kClientAuth, ClientAuth::none, problems);
  settings.client_allowed_sans = tls.texts("client_allowed_sans");
  judge_client_auth(settings, tls, problems);
  settings.min_version = choice(tls, "min_version", kVersions, TLS1_2_VERSION, problems);
  settings.max_version = choice(tls, "max_version", kVersions, TLS1_3_VERSION, problems);
  if (settings.min_version > settings.max_version) {
    problems.add(tls.place("max_version"),
                 "max_version is below min_version; no client could come");
  }
  if (settings.max_version < TLS1_2_VERSION) {
    problems.add(tls.place("max_version"),
                 "nothing below TLS 1.2 is spoken here; write TLS12, TLS13 or nothing");
  }
  read_ciphers(tls, settings, problems);
  return settings;
}

}  // namespace sre
