#include "agent/session/tls_observer.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <utility>

#include "agent/base/fault.h"
#include "agent/session/certificate_reader.h"

namespace sre {
namespace {

// Where an SSL_CTX keeps its observer. Allocated once for the life of the process, as OpenSSL wants
// it.
int observer_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

TlsObserver* observer_of(const SSL* ssl) {
  return static_cast<TlsObserver*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), observer_index()));
}

Reason reason_for(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Reason::certificate_expired;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Reason::certificate_name_mismatch;
    case X509_V_ERR_OUT_OF_MEM:
      return Reason::internal_error;
    default:
      return Reason::certificate_untrusted;
  }
}

// What a certificate suffers from first: dates, then trust, then the name; but before all that,
// whether it could be looked at.
int rank(Reason reason) {
  if (reason == Reason::internal_error) return -1;
  if (reason == Reason::certificate_expired) return 0;
  return reason == Reason::certificate_untrusted ? 1 : 2;
}

}  // namespace

TlsObserver::TlsObserver(X509_STORE* trusted, std::string name, Done on_done)
    : trusted_(trusted), name_(std::move(name)), on_done_(std::move(on_done)) {
  X509_STORE_up_ref(trusted);
}

bool TlsObserver::attach(SSL_CTX* context) noexcept {
  SSL_CTX_set1_cert_store(context, trusted_.get());
  auto* parameters = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool named = X509_VERIFY_PARAM_set1_ip_asc(parameters, name_.c_str()) == 1 ||
                     X509_VERIFY_PARAM_set1_host(parameters, name_.c_str(), name_.size()) == 1;
  if (!named || SSL_CTX_set_ex_data(context, observer_index(), this) != 1) return false;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &TlsObserver::on_verify);
  SSL_CTX_set_info_callback(context, &TlsObserver::on_info);
  return true;
}

int TlsObserver::on_verify(int ok, X509_STORE_CTX* store) noexcept {
  if (ok != 1) {
    const auto* ssl = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    observer_of(ssl)->note_error(X509_STORE_CTX_get_error(store));
  }
  return 1;
}

void TlsObserver::note_error(int error) noexcept {
  const Reason reason = reason_for(error);
  if (!problem_ || rank(reason) < rank(problem_->first)) problem_ = {reason, error};
}

void TlsObserver::on_info(const SSL* ssl, int where, int /*result*/) noexcept {
  auto* self = observer_of(ssl);
  // TLS 1.3 reports the end again for each session ticket.
  if ((where & SSL_CB_HANDSHAKE_DONE) == 0 || self->facts_) return;
  if (const auto fault = caught([&] { self->finish(ssl); })) self->on_done_(fault);
}

void TlsObserver::finish(const SSL* ssl) {
  auto& facts = facts_.emplace();
  facts.version = SSL_get_version(ssl);
  facts.cipher = SSL_get_cipher_name(ssl);
  if (X509* own = SSL_get0_peer_certificate(ssl); own != nullptr) {
    facts.certificate = read_certificate(own);
  }
  // A server may send certificates that no client needs; of a good chain only what was used counts.
  facts.earliest_expiry =
      earliest_expiry(problem_ ? SSL_get_peer_cert_chain(ssl) : SSL_get0_verified_chain(ssl));
  if (!facts.certificate) {
    // No check was made, so none failed; libcurl's ciphers leave no way to this.
    facts.problem = Reason::certificate_untrusted;
    facts.problem_detail = "the server showed no certificate";
  } else if (problem_) {
    facts.problem = problem_->first;
    facts.problem_detail = X509_verify_cert_error_string(problem_->second);
  }
  on_done_(nullptr);
}

}  // namespace sre
