#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/check/target.h"
#include "agent/smtp/transcript.h"

namespace sre {

// The four gates that a secret passes before it leaves: the connection is protected where the
// target demands it, its certificate is good where the target demands that, the host is one of
// those that the credentials are for, and the server offers AUTH with the mechanism. Gives the
// fault of the first gate that is shut, or nothing when the secret may go. `mechanism` is
// choose_mechanism()'s answer. Pure.
std::optional<Fault> shut_gate(const Target& target, const Credentials& credentials,
                               std::string_view host, std::string_view mechanism,
                               const Transcript& so_far);

// The last gate alone, for a login with invented credentials, which are no secret.
std::optional<Fault> mechanism_gate(const Credentials& credentials, std::string_view mechanism,
                                    const Transcript& so_far);

}  // namespace sre
