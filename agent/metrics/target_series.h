#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/check/target.h"
#include "agent/metrics/label_sets.h"
#include "agent/verdict/run.h"

namespace sre {

// All values exported for one target: of each part, what the latest run of any of its checks saw.
// A value; shared as Immutable.
struct TargetSeries {
  struct Tls {
    std::string connection;  // labels of smtp_tls_info
    bool verified = false;
    std::string certificate;  // labels of smtp_tls_certificate_info; empty without certificate
    WallTime not_before{};
    WallTime not_after{};
  };
  // One answer to EHLO; each text is the labels of one series.
  struct Offer {
    std::vector<std::string> extensions;
    std::vector<std::string> mechanisms;
    std::optional<std::uint64_t> size_limit;
  };

  std::shared_ptr<const std::string> labels;  // target="..."
  std::string info;                           // labels of smtp_target_info
  std::shared_ptr<const Tls> tls;
  std::shared_ptr<const Offer> before_tls;
  std::shared_ptr<const Offer> after_tls;
};

using TargetSeriesPtr = std::shared_ptr<const TargetSeries>;

// Of a target that no run has seen yet.
TargetSeries new_series(const Target& target);

// What `before` saw, under the labels of a new configuration.
void carry_over(TargetSeries& fresh, const TargetSeries& before);

// `series` after one more run. Parts that the run did not come to stay as they were (a certificate
// is known while its server is down); but a server that now answers without offering STARTTLS has
// no TLS any more, and what was seen under it goes.
void take_in(TargetSeries& series, const Run& run, const LabelSets& sets);

}  // namespace sre
