# Every library the program uses, all from Debian bookworm; which folder uses which is said there.
set(Boost_USE_STATIC_LIBS OFF)
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(CURL 7.88 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(SQLiteCpp REQUIRED)
find_package(Threads REQUIRED)
find_package(yaml-cpp REQUIRED)

find_package(PkgConfig REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(gsasl REQUIRED IMPORTED_TARGET libgsasl)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)

# Warnings are errors in the presets that developers and CI use, never for a packager.
add_library(sre_warnings INTERFACE)
target_compile_options(sre_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough
  # At -O1 and with the sanitizers g++ 12 mistakes Asio's way to free a coroutine's frame.
  $<$<CONFIG:Debug>:-Wno-mismatched-new-delete>)
target_compile_definitions(sre_warnings INTERFACE _GLIBCXX_ASSERTIONS)
