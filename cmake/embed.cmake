# sre_embed(TARGET SYMBOL [ROOT folder] FILE ...)
#
# Compiles files into TARGET as `sre::embedded::SYMBOL()`, a list of {name, text} with names relative to ROOT
# (by default the folder of this call), so that the program needs nothing but itself at run time.
function(sre_embed target symbol)
  cmake_parse_arguments(ARG "" "ROOT" "" ${ARGN})
  if(NOT ARG_ROOT)
    set(ARG_ROOT ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.files)
  string(JOIN "\n" lines ${ARG_UNPARSED_ARGUMENTS})
  file(CONFIGURE OUTPUT ${list} CONTENT "${lines}\n")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol})
  list(TRANSFORM ARG_UNPARSED_ARGUMENTS PREPEND ${ARG_ROOT}/ OUTPUT_VARIABLE inputs)
  add_custom_command(OUTPUT ${out}.cc ${out}.h
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DLIST=${list} -DROOT=${ARG_ROOT}
            -DOUT=${out} -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${inputs} ${list} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out}.cc ${out}.h)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
