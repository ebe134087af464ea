#pragma once

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "agent/cli/options.h"

namespace sre {

// What a command line comes to.
struct Parsed {
  std::variant<Options, int> result;
  std::string out;
  std::string err;

  int status() const { return std::holds_alternative<int>(result) ? std::get<int>(result) : -1; }
  template <class T>
  const T& command() const {
    return std::get<T>(std::get<Options>(result).command);
  }
};

inline Parsed parse(std::vector<const char*> words) {
  words.insert(words.begin(), "smtp_reply_exporter");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  auto result = parse_command_line(static_cast<int>(words.size()), words.data());
  Parsed parsed{std::move(result), testing::internal::GetCapturedStdout(),
                testing::internal::GetCapturedStderr()};
  return parsed;
}

}  // namespace sre
