# sre_layer(NAME SOURCES ... HEADERS ... USES layer ... LIBRARIES target ...)
#
# One static library per folder of agent/. USES names the layers below; what is not named cannot be linked,
# so an edge against the architecture is a link error. Every header must compile on its own.
function(sre_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;USES;LIBRARIES" ${ARGN})
  add_library(sre_${name} STATIC ${ARG_SOURCES})
  target_sources(sre_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HEADERS})
  set_target_properties(sre_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  list(TRANSFORM ARG_USES PREPEND sre_)
  target_link_libraries(sre_${name} PUBLIC ${ARG_USES} ${ARG_LIBRARIES} PRIVATE sre_warnings)
endfunction()

# sre_test(NAME SOURCES ... USES layer ... [LIBRARIES target ...])
#
# One GoogleTest program per folder of tests/, linking only the layers it tests.
function(sre_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  list(TRANSFORM ARG_USES PREPEND sre_)
  target_link_libraries(${name}_test PRIVATE
    ${ARG_USES} ${ARG_LIBRARIES} sre_warnings GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name}_test PRIVATE SRE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}: PROPERTIES LABELS unit)
endfunction()
