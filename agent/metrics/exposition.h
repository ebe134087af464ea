#pragma once

#include <span>

#include "agent/metrics/check_series.h"
#include "agent/metrics/target_series.h"
#include "agent/metrics/text_writer.h"

namespace sre {

// Which families of the catalogue are written.
struct ExpositionScope {
  bool probe = false;     // only those that answer /probe
  bool durations = true;  // smtp_check_duration_seconds too
};

// Writes the smtp_check_* families of all checks, family after family.
void write_checks(TextWriter& out, std::span<const CheckSeriesPtr> checks, ExpositionScope scope);

// Writes the smtp_tls_*, smtp_ehlo_*, smtp_auth_* and smtp_target_* families of all targets.
void write_targets(TextWriter& out, std::span<const TargetSeriesPtr> targets,
                   ExpositionScope scope);

}  // namespace sre
