#include "tests/access/folder.h"

namespace sre::test {

Folder::Folder() {
  for (const auto& entry : std::filesystem::directory_iterator(source("tests/access/testdata"))) {
    if (!entry.is_regular_file()) continue;
    const bool is_key = entry.path().extension() == ".key";
    write(entry.path().filename().native(), read_text(entry.path()), is_key ? 0600 : 0644);
  }
}

std::string Folder::without_path(std::string text) const {
  const auto& from = folder_.path().native();
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), "DIR");
  }
  return text;
}

}  // namespace sre::test
