#pragma once

#include "agent/web/page.h"

namespace sre {

// What pages/dialogue.mustache shows of a run: every step with what was said, when and how long it
// took, then what ended the run early, if anything did.
View dialogue_view(const Run& run);

// What pages/certificate.mustache shows; a view without `has_tls` where there was no TLS.
View tls_view(const Transcript& transcript, WallTime now);

}  // namespace sre
