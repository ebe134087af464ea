#include "tests/access/folder.h"

#include <stdlib.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sre::test {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "sre-access-XXXXXX").native();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder");
  folder_ = name;
  for (const auto& entry : std::filesystem::directory_iterator(source("tests/access/testdata"))) {
    if (!entry.is_regular_file()) continue;
    const bool is_key = entry.path().extension() == ".key";
    write(entry.path().filename().native(), read_text(entry.path()), is_key ? 0600 : 0644);
  }
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Folder::write(std::string_view name, std::string_view text, unsigned mode) const {
  const auto file = folder_ / name;
  std::ofstream(file, std::ios::binary) << text;
  std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
}

std::string Folder::without_path(std::string text) const {
  const auto& from = folder_.native();
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), "DIR");
  }
  return text;
}

std::string read_text(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace sre::test
