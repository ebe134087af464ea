#include "agent/metrics/target_series.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "agent/base/text.h"
#include "agent/metrics/text_writer.h"

namespace sre {
namespace {

constexpr std::size_t kNameBytes = 256;

// TLS versions and ciphers are named by OpenSSL, which knows a closed set; this only makes sure.
std::string version_label(std::string_view version) {
  constexpr std::array<std::string_view, 5> kVersions = {"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2",
                                                         "TLSv1.3"};
  const bool known = std::find(kVersions.begin(), kVersions.end(), version) != kVersions.end();
  return known ? std::string(version) : "other";
}

std::string cipher_label(std::string_view cipher) {
  constexpr std::size_t kLongest = 64;
  const bool plain = std::all_of(cipher.begin(), cipher.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return plain && !cipher.empty() && cipher.size() <= kLongest ? std::string(cipher) : "other";
}

// A label name of the data model, and none that smtp_target_info or Prometheus itself uses.
bool may_be_label(std::string_view name) {
  constexpr std::array<std::string_view, 4> kTaken = {"target", "host", "port", "tls"};
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), fits) &&
         !name.starts_with("__") && std::find(kTaken.begin(), kTaken.end(), name) == kTaken.end();
}

std::shared_ptr<const TargetSeries::Tls> tls_of(const TlsFacts& facts) {
  auto tls = std::make_shared<TargetSeries::Tls>();
  append_label(tls->connection, "version", version_label(facts.version));
  append_label(tls->connection, "cipher", cipher_label(facts.cipher));
  if (!facts.certificate) return tls;
  const auto& certificate = *facts.certificate;
  tls->verified = !facts.problem;
  tls->not_before = certificate.not_before;
  tls->not_after = certificate.not_after;
  const auto add = [&](std::string_view name, std::string_view value) {
    append_label(tls->certificate, name, printable(value, kNameBytes));
  };
  add("subject", certificate.subject);
  add("issuer", certificate.issuer);
  add("serial", certificate.serial);
  add("fingerprint_sha256", certificate.fingerprint_sha256);
  return tls;
}

std::shared_ptr<const TargetSeries::Offer> offer_of(const Ehlo& ehlo, std::string_view when,
                                                    const LabelSets& sets) {
  // Sets, because several unlisted words become the same "other".
  std::set<std::string> extensions;
  std::set<std::string> mechanisms;
  for (const auto& extension : ehlo.extensions)
    extensions.insert(sets.extension(extension.keyword));
  for (const auto& mechanism : ehlo.auth_mechanisms) mechanisms.insert(sets.mechanism(mechanism));
  auto offer = std::make_shared<TargetSeries::Offer>();
  const auto add = [&](auto& texts, std::string_view name, const std::string& value) {
    texts.push_back(label(name, value));
    append_label(texts.back(), "tls", when);
  };
  for (const auto& value : extensions) add(offer->extensions, "extension", value);
  for (const auto& value : mechanisms) add(offer->mechanisms, "mechanism", value);
  offer->size_limit = ehlo.size_limit;
  return offer;
}

}  // namespace

TargetSeries new_series(const Target& target) {
  TargetSeries series;
  series.labels = std::make_shared<const std::string>(label("target", target.name));
  append_label(series.info, "host", target.host.empty() ? target.mx : target.host);
  append_label(series.info, "port", std::to_string(target.port));
  append_label(series.info, "tls", to_string(target.tls));
  std::set<std::string_view> seen;
  for (const auto& [name, value] : target.labels) {
    if (may_be_label(name) && seen.insert(name).second) append_label(series.info, name, value);
  }
  return series;
}

void carry_over(TargetSeries& fresh, const TargetSeries& before) {
  fresh.tls = before.tls;
  fresh.before_tls = before.before_tls;
  fresh.after_tls = before.after_tls;
}

void take_in(TargetSeries& series, const Run& run, const LabelSets& sets) {
  const auto& seen = run.transcript;
  // STARTTLS offered but failed is another matter: the certificate is still the last one known.
  const bool tls_gone =
      seen.ehlo_before_tls && !seen.tls && !seen.ehlo_before_tls->offers("STARTTLS");
  if (tls_gone) {
    series.tls = nullptr;
    series.after_tls = nullptr;
  }
  if (seen.tls) series.tls = tls_of(*seen.tls);
  if (seen.ehlo_before_tls) series.before_tls = offer_of(*seen.ehlo_before_tls, "before", sets);
  if (seen.ehlo_after_tls) series.after_tls = offer_of(*seen.ehlo_after_tls, "after", sets);
}

}  // namespace sre
