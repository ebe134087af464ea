#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/base/files.h"

namespace sre::test {

// What `htpasswd -nbBC 4` makes of these two.
inline constexpr std::string_view kPassword = "correct horse";
inline constexpr std::string_view kHash =
    "$2y$04$O2nbIvFsPPTFLK3Gs3hhTOs1Je6aJ.gyQ5Ele4TjjVA/fEu8LqNAa";
inline constexpr std::string_view kOtherPassword = "battery staple";
inline constexpr std::string_view kOtherHash =
    "$2y$04$OPdOrI3wZ62290.Z1v7DDO2xnfNhRojbHSeGQvkoepRU7JzVIGynO";

// A folder of its own for each test, with the certificates and keys of testdata/.
class Folder : public testing::Test {
 protected:
  Folder();

  std::string path(std::string_view name) const { return folder_ / name; }
  void write(std::string_view name, std::string_view text, unsigned mode = 0600) const {
    folder_.write(name, text, mode);
  }
  // The text with DIR in place of the folder's path.
  std::string without_path(std::string text) const;

 private:
  ScratchFolder folder_;
};

}  // namespace sre::test
