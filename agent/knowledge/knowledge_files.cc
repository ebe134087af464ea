#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>

#include "agent/knowledge/knowledge_data.h"
#include "embedded_knowledge_base.h"

namespace sre {

std::vector<KnowledgeFile> built_in_files() {
  std::vector<KnowledgeFile> files;
  for (const auto& file : embedded::knowledge_base()) {
    files.push_back({std::string(file.name), std::string(file.text), std::string(file.name)});
  }
  return files;
}

Result<std::vector<KnowledgeFile>> files_with_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::recursive_directory_iterator entries(folder, error);
  if (error) {
    return failure(fmt::format("{}: {}; the knowledge base's folder must exist and be readable",
                               folder, error.message()));
  }
  auto files = built_in_files();
  for (; entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    if (error) return failure(fmt::format("{}: {}", folder, error.message()));
    const auto& path = entries->path();
    if (path.extension() != ".tsv" || !entries->is_regular_file(error)) continue;
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    // An empty file fails to be inserted, which is no fault.
    if (!stream || (stream.peek() != std::char_traits<char>::eof() && !(text << stream.rdbuf()))) {
      return failure(fmt::format("{}: cannot be read", path.string()));
    }
    KnowledgeFile file{path.lexically_relative(folder).generic_string(), text.str(), path.string()};
    const auto same = std::find_if(files.begin(), files.end(), [&](const KnowledgeFile& other) {
      return other.name == file.name;
    });
    if (same == files.end()) {
      files.push_back(std::move(file));
    } else {
      *same = std::move(file);
    }
  }
  return files;
}

}  // namespace sre
