# A compiler cache where there is one: two cores build this. What a clone has compiled serves every other one,
# and the image: paths are those within the project, and the same in what comes out (-ffile-prefix-map).
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_ABSSTDERR=1
    CCACHE_SLOPPINESS=locale ${CCACHE_PROGRAM})
endif()
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
