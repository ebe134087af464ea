#include "agent/session/trust_store.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <utility>

namespace sre {

Result<X509_STORE*> TrustStores::get(const std::string& ca_file) {
  const auto known = stores_.find(ca_file);
  if (known != stores_.end()) return known->second.get();
  X509Store store(X509_STORE_new());
  if (!store) return failure("no memory for the trusted certificates");
  const int loaded = ca_file.empty() ? X509_STORE_set_default_paths(store.get())
                                     : X509_STORE_load_file(store.get(), ca_file.c_str());
  if (loaded != 1) {
    const char* why = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return failure(
        fmt::format("{}: no certificates could be read ({}); it must hold the trusted "
                    "roots in PEM form",
                    ca_file.empty() ? "the system's CA file" : ca_file,
                    why == nullptr ? "unknown error" : why));
  }
  return stores_.emplace(ca_file, std::move(store)).first->second.get();
}

}  // namespace sre
