#include "agent/report/time_text.h"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

namespace sre {
namespace {

struct Calendar {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  std::chrono::hh_mm_ss<std::chrono::milliseconds> time;

  int year() const { return int{date.year()}; }
  unsigned month() const { return unsigned{date.month()}; }
  unsigned day() const { return unsigned{date.day()}; }
};

Calendar to_calendar(WallTime time) {
  const auto rounded = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(rounded);
  return {day, day, std::chrono::hh_mm_ss{rounded - day}};
}

}  // namespace

std::string rfc3339(WallTime time) {
  const auto c = to_calendar(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year(), c.month(), c.day(),
                     c.time.hours().count(), c.time.minutes().count(), c.time.seconds().count(),
                     c.time.subseconds().count());
}

std::string readable_time(WallTime time) {
  const auto c = to_calendar(time);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", c.year(), c.month(), c.day(),
                     c.time.hours().count(), c.time.minutes().count(), c.time.seconds().count());
}

std::string http_date(WallTime time) {
  static constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto c = to_calendar(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays.substr(c.weekday.c_encoding() * 3, 3), c.day(),
                     kMonths.substr((c.month() - 1) * 3, 3), c.year(), c.time.hours().count(),
                     c.time.minutes().count(), c.time.seconds().count());
}

std::string distance(WallTime time, WallTime now) {
  const bool past = time <= now;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(past ? now - time : time - now).count();
  std::string span;
  if (seconds < 120) {
    span = fmt::format("{} s", seconds);
  } else if (seconds < 120 * 60) {
    span = fmt::format("{} min", seconds / 60);
  } else if (seconds < 48 * 3600) {
    span = fmt::format("{} h", seconds / 3600);
  } else {
    span = fmt::format("{} d", seconds / 86400);
  }
  return past ? span + " ago" : "in " + span;
}

std::string readable_duration(Duration d) {
  const double seconds = to_seconds(d);
  const bool whole = seconds >= 1;
  const double value = whole ? seconds : seconds * 1000;
  const int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return fmt::format("{:.{}f} {}", value, digits, whole ? "s" : "ms");
}

}  // namespace sre
