#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/access/file_stamp.h"
#include "agent/base/file.h"
#include "agent/base/problems.h"
#include "agent/base/result.h"

namespace sre {

// What goes along while a web configuration is read.
struct Reading {
  std::filesystem::path folder;   // of the configuration; other paths are relative to it
  std::vector<FileStamp>& files;  // all that were read so far, the configuration first
  Problems& problems;
};

// As read_file(), but a file that is longer than anybody means, 1 MiB, is an Error.
Result<std::string> read_whole(const std::string& path, Readers readers);

}  // namespace sre
