#include "agent/session/gates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sre {
std::optional<Fault> mechanism_gate(const Credentials& credentials, std::string_view mechanism,
                                    const Transcript& so_far) {
  if (!mechanism.empty()) return std::nullopt;
  const Ehlo* ehlo = so_far.current_ehlo();
  if (ehlo == nullptr || ehlo->auth_mechanisms.empty()) {
    return Fault{Phase::auth, Reason::auth_not_offered, "the server does not offer AUTH"};
  }
  return Fault{
      Phase::auth, Reason::auth_not_offered,
      fmt::format("the server offers AUTH {}, but not {}", fmt::join(ehlo->auth_mechanisms, " "),
                  credentials.mechanism == "auto" ? "a mechanism that \"auto\" takes"
                                                  : credentials.mechanism)};
}

std::optional<Fault> shut_gate(const Target& target, const Credentials& credentials,
                               std::string_view host, std::string_view mechanism,
                               const Transcript& so_far) {
  if (!so_far.tls && !target.allow_cleartext_login) {
    return Fault{Phase::starttls, Reason::starttls_not_offered,
                 "the connection is not protected by TLS; nothing was sent"};
  }
  if (so_far.tls && target.verify && so_far.tls->problem) {
    return Fault{Phase::tls, *so_far.tls->problem, so_far.tls->problem_detail};
  }
  if (!credentials.allows_host(host)) {
    return Fault{Phase::auth, Reason::internal_error,
                 fmt::format("credentials \"{}\" are not for host {}; nothing was sent",
                             credentials.name, host)};
  }
  return mechanism_gate(credentials, mechanism, so_far);
}

}  // namespace sre
