# What Debian's packages are compiled and linked with (`DEB_BUILD_MAINT_OPTIONS=hardening=+all
# dpkg-buildflags`), and what later releases of Debian add, for everybody who builds this: it reads what
# strangers send. The sanitizers, which look closer at the same things, and whoever brings flags of their own
# set SRE_HARDENING to OFF.
option(SRE_HARDENING "Compile and link with what makes mistakes in memory hard to exploit" ON)
if(NOT SRE_HARDENING)
  return()
endif()

# Each processor has its own of these, or none; a compiler refuses those of others. Control flow protection
# is in force where the system's own start-up code and libraries have it as well, which bookworm's have not.
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-fstack-clash-protection SRE_HAS_STACK_CLASH_PROTECTION)
check_cxx_compiler_flag(-fcf-protection SRE_HAS_CF_PROTECTION)
check_cxx_compiler_flag(-mbranch-protection=standard SRE_HAS_BRANCH_PROTECTION)

add_compile_options(
  -fstack-protector-strong -Wformat -Werror=format-security
  $<$<BOOL:${SRE_HAS_STACK_CLASH_PROTECTION}>:-fstack-clash-protection>
  $<$<BOOL:${SRE_HAS_CF_PROTECTION}>:-fcf-protection>
  $<$<BOOL:${SRE_HAS_BRANCH_PROTECTION}>:-mbranch-protection=standard>
  # Nothing here is a shared library: -fPIE, not CMake's -fPIC, which keeps functions from being inlined.
  -fPIE
  # The checks need the optimizer to know sizes; without it glibc warns of them.
  "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
# Addresses of library functions are looked up at start, and are read-only from then on.
add_link_options(-pie -Wl,-z,relro,-z,now)
