#pragma once

#include <openssl/x509.h>

#include <map>
#include <memory>
#include <string>

#include "agent/base/result.h"

namespace sre {

struct X509StoreDeleter {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
using X509Store = std::unique_ptr<X509_STORE, X509StoreDeleter>;

// The trusted roots, read once per file and shared by all connections: reading them anew for each
// costs twenty times the whole handshake. Probe thread only.
class TrustStores {
 public:
  // The roots in `ca_file` (PEM), or the system's where it is empty. The error names the file. What
  // it returns lives until the next forget(), longer for whoever takes a share by
  // X509_STORE_up_ref().
  Result<X509_STORE*> get(const std::string& ca_file);

  // At a reload: files may have changed.
  void forget() { stores_.clear(); }

 private:
  std::map<std::string, X509Store> stores_;
};

}  // namespace sre
