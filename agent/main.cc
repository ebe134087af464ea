#include <exception>
#include <iostream>
#include <variant>

#include "agent/cli/commands.h"
#include "agent/cli/exit_status.h"
#include "agent/cli/options.h"
#include "agent/session/openssl_memory.h"

namespace sre {
namespace {

struct RunCommand {
  int operator()(const ServeOptions& o) const { return serve_command(o); }
  int operator()(const DemoOptions& o) const { return demo_command(o); }
  int operator()(const CheckOptions& o) const { return check_command(o); }
  int operator()(const ProbeOptions& o) const { return probe_command(o); }
  int operator()(const ExplainOptions& o) const { return explain_command(o); }
  int operator()(const CompareOptions& o) const { return compare_command(o); }
  int operator()(const CodesOptions& o) const { return codes_command(o); }
  int operator()(const ReasonsOptions& o) const { return reasons_command(o); }
  int operator()(const ClassifyOptions& o) const { return classify_command(o); }
  int operator()(const HealthcheckOptions& o) const { return healthcheck_command(o); }
};

}  // namespace
}  // namespace sre

int main(int argc, char** argv) {
  try {
    sre::watch_openssl_memory();
    const auto parsed = sre::parse_command_line(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    const auto& options = std::get<sre::Options>(parsed);
    sre::log::configure(options.log_level, options.log_format);
    return std::visit(sre::RunCommand{}, options.command);
  } catch (const std::exception& error) {
    std::cerr << "smtp_reply_exporter: " << error.what() << '\n';
    return sre::kUsageError;
  }
}
