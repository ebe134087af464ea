#include "agent/access/client_names.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <memory>
#include <optional>
#include <string_view>

namespace sre {
namespace {

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using Names = std::unique_ptr<GENERAL_NAMES, FreeNames>;

std::string_view text_of(const ASN1_STRING* string) {
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return {data, static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// As text, the way configuration writes it; nothing for kinds that it cannot name.
std::optional<std::string> text_of(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) return std::string(text_of(name.d.dNSName));
  if (name.type == GEN_EMAIL) return std::string(text_of(name.d.rfc822Name));
  if (name.type == GEN_URI) return std::string(text_of(name.d.uniformResourceIdentifier));
  if (name.type != GEN_IPADD) return std::nullopt;
  const auto bytes = text_of(name.d.iPAddress);
  namespace ip = boost::asio::ip;
  if (bytes.size() == 4) {
    ip::address_v4::bytes_type raw{};
    std::copy(bytes.begin(), bytes.end(), raw.begin());
    return ip::make_address_v4(raw).to_string();
  }
  if (bytes.size() == 16) {
    ip::address_v6::bytes_type raw{};
    std::copy(bytes.begin(), bytes.end(), raw.begin());
    return ip::make_address_v6(raw).to_string();
  }
  return std::nullopt;
}

}  // namespace

bool has_allowed_name(X509* certificate, const std::vector<std::string>& allowed) {
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto name = text_of(*sk_GENERAL_NAME_value(names.get(), i));
    if (name && std::find(allowed.begin(), allowed.end(), *name) != allowed.end()) return true;
  }
  return false;
}

}  // namespace sre
