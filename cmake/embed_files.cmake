# Writes OUT.h and OUT.cc with the text of every file that LIST names below ROOT.
# The text is cut into raw strings of at most 8,000 bytes: compilers limit the length of one literal.
file(STRINGS ${LIST} names)
set(entries "")
foreach(name IN LISTS names)
  file(READ ${ROOT}/${name} hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${hex}")
  string(REGEX REPLACE "((\\\\x..)(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?)"
         "\"\\1\"\n" bytes "${bytes}")
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(APPEND entries "    {\"${name}\", std::string_view(${bytes}\"\", ${size})},\n")
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
