# Writes OUT.h and OUT.cc with the bytes of every file that LIST names below ROOT.
# Bytes instead of string literals: nothing needs escaping, and no compiler limits their number.
file(STRINGS ${LIST} names)
set(arrays "")
set(entries "")
set(number 0)
foreach(name IN LISTS names)
  file(READ ${ROOT}/${name} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char kFile${number}[] = {${bytes}'\\0'};\n")
  string(APPEND entries "      {\"${name}\", {kFile${number}, ${size}}},\n")
  math(EXPR number "${number} + 1")
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
namespace {

${arrays}
}  // namespace

std::span<const File> ${SYMBOL}() {
  static constexpr File kFiles[] = {
${entries}  };
  return kFiles;
}

}  // namespace sre::embedded
")
