# The Debian package, by `cpack -G DEB` in the build folder or `./dev package`. Files of the package alone are
# of the component `debian`: `cmake --install` leaves them out.
#
# The manual page, the completion and the installed configuration are made, by programs in Python. Where it is
# missing the program is built without them, and there is no package.
find_package(Python3 COMPONENTS Interpreter)
if(NOT Python3_FOUND)
  message(STATUS "No python3: no manual page, no package")
  return()
endif()

set(deb ${PROJECT_SOURCE_DIR}/packaging/deb)
set(made ${PROJECT_BINARY_DIR}/packaging)
file(MAKE_DIRECTORY ${made})

# The package's version is that of its changelog, the way Debian does it.
file(STRINGS ${deb}/changelog changelog_head LIMIT_COUNT 1)
if(NOT changelog_head MATCHES "^smtp-reply-exporter \\(${PROJECT_VERSION}-([0-9]+)\\) ")
  message(FATAL_ERROR "packaging/deb/changelog begins with \"${changelog_head}\", but this is version "
                      "${PROJECT_VERSION}: write an entry for it")
endif()
set(package_release ${CMAKE_MATCH_1})
file(STRINGS ${deb}/changelog changelog_tail REGEX "^ -- ")
list(GET changelog_tail 0 changelog_tail)
if(NOT changelog_tail MATCHES "^ -- (.+ <.+>)  ...,  ?([0-9]+) (...) (....) ")
  message(FATAL_ERROR "packaging/deb/changelog: no maintainer and date in \"${changelog_tail}\"")
endif()
# An address that leads nowhere (RFC 2606: nobody will ever have a name below .invalid), because the project
# has none to give. Whoever hands a package on names themselves: DEBFULLNAME and DEBEMAIL for `./dev package`,
# -D CPACK_DEBIAN_PACKAGE_MAINTAINER="Name <address>" for cpack.
set(package_maintainer ${CMAKE_MATCH_1})
set(package_date "${CMAKE_MATCH_2} ${CMAKE_MATCH_3} ${CMAKE_MATCH_4}")

# sre_made(FILE DEPENDS file ... COMMAND ...): a file of the package from what the command prints.
function(sre_made name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;COMMAND" ${ARGN})
  add_custom_command(OUTPUT ${made}/${name}
    COMMAND ${ARG_COMMAND} > ${made}/${name}
    DEPENDS ${ARG_DEPENDS} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
endfunction()

set(python ${Python3_EXECUTABLE} -B)
set(help_text ${PROJECT_SOURCE_DIR}/packaging/help_text.py smtp_reply_exporter)
foreach(part IN ITEMS "manual smtp_reply_exporter.1" "completion completion.bash")
  separate_arguments(part)
  list(GET part 0 script)
  list(GET part 1 file)
  set(from ${PROJECT_SOURCE_DIR}/packaging/${script}.py ${PROJECT_SOURCE_DIR}/packaging/${file}.in)
  set(more "")
  if(script STREQUAL manual)
    set(more ${package_date})
  endif()
  sre_made(${file} DEPENDS ${from} ${help_text}
    COMMAND ${python} packaging/${script}.py $<TARGET_FILE:smtp_reply_exporter> packaging/${file}.in ${more})
endforeach()
sre_made(config.toml
  DEPENDS ${PROJECT_SOURCE_DIR}/packaging/configuration.py ${PROJECT_SOURCE_DIR}/config/smtp_reply_exporter.toml
  COMMAND ${python} packaging/configuration.py config/smtp_reply_exporter.toml)
sre_made(smtp_reply_exporter.1.gz DEPENDS ${made}/smtp_reply_exporter.1
  COMMAND gzip -9nc ${made}/smtp_reply_exporter.1)
sre_made(changelog.Debian.gz DEPENDS ${deb}/changelog COMMAND gzip -9nc ${deb}/changelog)
sre_made(changelog.gz DEPENDS ${PROJECT_SOURCE_DIR}/CHANGELOG.md COMMAND gzip -9nc CHANGELOG.md)
file(GLOB docs CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/docs docs/*.md)
set(made_docs "")
foreach(document IN LISTS docs)
  sre_made(${document}
    DEPENDS ${PROJECT_SOURCE_DIR}/packaging/document.py ${PROJECT_SOURCE_DIR}/docs/${document}
    COMMAND ${python} packaging/document.py docs/${document})
  list(APPEND made_docs ${made}/${document})
endforeach()
add_custom_target(packaged ALL DEPENDS ${made_docs}
  ${made}/completion.bash ${made}/config.toml ${made}/smtp_reply_exporter.1.gz ${made}/changelog.Debian.gz
  ${made}/changelog.gz)

# sre_packaged(DESTINATION FILES|DIRECTORY ... [RENAME name])
function(sre_packaged destination)
  install(${ARGN} DESTINATION ${destination} COMPONENT debian EXCLUDE_FROM_ALL)
endfunction()

set(doc /usr/share/doc/smtp-reply-exporter)
set(share /usr/share/smtp_reply_exporter)
sre_packaged(/lib/systemd/system FILES systemd/smtp_reply_exporter.service)
sre_packaged(/etc/smtp_reply_exporter FILES ${made}/config.toml)
sre_packaged(/etc/default FILES ${deb}/default RENAME smtp_reply_exporter)
sre_packaged(/usr/share/man/man1 FILES ${made}/smtp_reply_exporter.1.gz)
sre_packaged(/usr/share/bash-completion/completions FILES ${made}/completion.bash RENAME smtp_reply_exporter)
sre_packaged(/usr/share/lintian/overrides FILES ${deb}/lintian-overrides RENAME smtp-reply-exporter)
# Rules alone: Prometheus is told to take every file in there for one.
sre_packaged(${share}/prometheus FILES config/prometheus/alerts.yml config/prometheus/recording.yml)
sre_packaged(${doc} FILES ${deb}/copyright ${made}/changelog.Debian.gz ${made}/changelog.gz)
sre_packaged(${doc} FILES ${made_docs})
sre_packaged(${doc}/examples FILES systemd/credentials.conf config/smtp_reply_exporter.toml)
sre_packaged(${doc}/examples DIRECTORY config/examples/)
sre_packaged(${doc}/examples DIRECTORY config/knowledge config/prometheus)
sre_packaged(${share}/grafana DIRECTORY grafana/dashboards/)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME smtp-reply-exporter)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "SMTP servers watched, reply by reply, for Prometheus")
set(CPACK_PACKAGE_DESCRIPTION
"Asks SMTP servers on a schedule whether they answer, whether logins still
work, whether wrong passwords, relaying and mail without login are refused,
whether certificates are good and mail is accepted. Exports each reply code
and the reason behind it as metrics, and explains them on web pages, with
alerts that lead there.")
set(CPACK_STRIP_FILES ON)
# Below /usr, with the files of /etc and /lib where they belong, whatever prefix the build has.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};package;Unspecified;/;${PROJECT_BINARY_DIR};package;debian;/")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${package_release})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${package_maintainer})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS prometheus)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${deb}/conffiles ${deb}/postinst ${deb}/prerm ${deb}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
