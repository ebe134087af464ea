# Writes OUT.h and OUT.cc with the text of every file that LIST names below ROOT.
# Every byte is written as an escape, so that no text can be misread as C++.
file(STRINGS ${LIST} names)
set(entries "")
foreach(name IN LISTS names)
  file(READ ${ROOT}/${name} hex HEX)
  # Lines of 32 bytes; CMake's expressions know no counts and nine groups at most.
  string(REPEAT "." 64 line)
  string(REGEX REPLACE "(${line})" "\\1\"\n\"" bytes "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(APPEND entries "    {\"${name}\", std::string_view(\"${bytes}\", ${size})},\n")
endforeach()
file(WRITE ${OUT}.h "#pragma once

#include <span>
#include <string_view>

namespace sre::embedded {

struct File {
  std::string_view name;
  std::string_view text;
};

std::span<const File> ${SYMBOL}();

}  // namespace sre::embedded
")
file(WRITE ${OUT}.cc "#include \"embedded_${SYMBOL}.h\"

namespace sre::embedded {

std::span<const File> ${SYMBOL}() {
  static constexpr File kFiles[] = {
${entries}  };
  return kFiles;
}

}  // namespace sre::embedded
")
