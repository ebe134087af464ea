#include "agent/metrics/process.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace sre {
namespace {

std::string slurp(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// The fields of `stat` behind the command's name, which may hold anything: [0] is the state, field
// 3 of proc(5).
std::vector<std::string> stat_fields(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(stat.substr(name_end + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

// The first number of the line that begins with `key`; 0 when there is none.
double number_after(const std::string& text, const std::string& key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key)) continue;
    std::istringstream rest(line.substr(key.size()));
    double number = 0;
    // "unlimited" is no number.
    return rest >> number ? number : std::numeric_limits<double>::infinity();
  }
  return 0;
}

double count_entries(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  double count = 0;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  return count;
}

}  // namespace

std::optional<ProcessFacts> read_process(const std::filesystem::path& proc) {
  constexpr std::size_t kUserTime = 11;  // field 14
  constexpr std::size_t kSystemTime = 12;
  constexpr std::size_t kStartTime = 19;
  constexpr std::size_t kVirtual = 20;
  constexpr std::size_t kResident = 21;
  const auto fields = stat_fields(slurp(proc / "self" / "stat"));
  if (fields.size() <= kResident) return std::nullopt;
  const auto number = [&](std::size_t i) { return std::strtod(fields[i].c_str(), nullptr); };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  return ProcessFacts{
      .cpu_seconds = (number(kUserTime) + number(kSystemTime)) / ticks,
      .resident_bytes = number(kResident) * page,
      .virtual_bytes = number(kVirtual),
      .open_fds = count_entries(proc / "self" / "fd"),
      .max_fds = number_after(slurp(proc / "self" / "limits"), "Max open files"),
      .start_time = number_after(slurp(proc / "stat"), "btime") + number(kStartTime) / ticks,
  };
}

}  // namespace sre
