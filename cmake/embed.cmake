# sre_embed(TARGET SYMBOL FILE ...)
#
# Compiles files into TARGET as `sre::embedded::SYMBOL()`, a list of {name, text} with names relative to the
# folder of this call, so that the program needs nothing but itself at run time.
function(sre_embed target symbol)
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.files)
  string(JOIN "\n" lines ${ARGN})
  file(CONFIGURE OUTPUT ${list} CONTENT "${lines}\n")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol})
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE inputs)
  add_custom_command(OUTPUT ${out}.cc ${out}.h
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DLIST=${list} -DROOT=${CMAKE_CURRENT_SOURCE_DIR}
            -DOUT=${out} -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${inputs} ${list} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out}.cc ${out}.h)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
