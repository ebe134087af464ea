#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sre::test {

// A path in the source tree.
inline std::filesystem::path source(std::string_view path) {
  return std::filesystem::path(SRE_SOURCE_DIR) / path;
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) throw std::runtime_error("cannot read " + file.native());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A new folder, gone with all that is in it at the end. Tests of one fixture run at the same time,
// as processes: a file that has the same name in each belongs in such a folder.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sre-test-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(std::string_view name) const { return (path_ / name).native(); }

  // Returns the file's path. Folders on the way to it are made.
  std::string write(std::string_view name, std::string_view text, unsigned mode = 0600) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
    return file.native();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace sre::test
