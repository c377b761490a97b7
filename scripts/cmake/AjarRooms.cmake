# ajar_room(NAME SOURCES a.c b.c [ROOMS base json] [LIBS PkgConfig::libuv])
# One static library a room, so that the link line is the door: a room that does not link
# net cannot open a socket.
function(ajar_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBS" ${ARGN})
  add_library(ajar_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(ajar_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(ajar_${name} PRIVATE ajar_flags)
  foreach(room ${ROOM_ROOMS})
    target_link_libraries(ajar_${name} PUBLIC ajar_${room})
  endforeach()
  target_link_libraries(ajar_${name} PUBLIC ${ROOM_LIBS})
endfunction()

# ajar_table(ROOM GENERATOR DEPENDS ...): tables that scripts/GENERATOR makes from data files.
# Data that is not understood stops the build, with file and line; so does a table that is
# not what the data says.
function(ajar_table room generator)
  cmake_parse_arguments(TABLE "" "" "DEPENDS" ${ARGN})
  find_package(Python3 COMPONENTS Interpreter)
  if(Python3_FOUND)
    set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${generator}.checked)
    add_custom_command(OUTPUT ${stamp}
      COMMAND ${CMAKE_SOURCE_DIR}/scripts/${generator} --check
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS ${TABLE_DEPENDS} ${CMAKE_SOURCE_DIR}/scripts/${generator}
      VERBATIM)
    add_custom_target(${room}_${generator} DEPENDS ${stamp})
    add_dependencies(ajar_${room} ${room}_${generator})
  endif()
endfunction()

# ajar_test(NAME SOURCES test_x.c [ROOMS scope] [LIBS ...] [ARGS ...] [PLAIN])
# One Criterion program and one ctest entry a suite. Criterion 2.4.1 hides what the
# sanitizers find and passes a filter that matches nothing, so the output is searched
# (style.md 6). PLAIN: a program with its own main.
function(ajar_test name)
  cmake_parse_arguments(TEST "PLAIN" "TIMEOUT" "SOURCES;ROOMS;LIBS;ARGS" ${ARGN})
  add_executable(test_${name} ${TEST_SOURCES})
  target_include_directories(test_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/tests/support)
  target_link_libraries(test_${name} PRIVATE ajar_flags ${TEST_LIBS})
  foreach(room ${TEST_ROOMS})
    target_link_libraries(test_${name} PRIVATE ajar_${room})
  endforeach()
  target_compile_definitions(test_${name} PRIVATE AJAR_SOURCE_DIR="${CMAKE_SOURCE_DIR}" AJAR_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(NOT TEST_PLAIN)
    target_link_libraries(test_${name} PRIVATE criterion)
    target_link_libraries(test_${name} PRIVATE ajar_criterion_flags)
    list(APPEND TEST_ARGS --jobs 2)
  endif()
  add_test(NAME ${name} COMMAND test_${name} ${TEST_ARGS} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT}
    FAIL_REGULAR_EXPRESSION "(LeakSanitizer|AddressSanitizer|runtime error:|Tested: [^0-9]*0 [|])")
endfunction()

# ajar_fuzz(NAME SOURCES fuzz_x.c ROOMS ...): a libFuzzer target under the fuzz preset, and
# in every preset a replay of its committed seeds (tests/fuzz/seeds/NAME) as a ctest entry.
function(ajar_fuzz name)
  cmake_parse_arguments(FUZZ "" "" "SOURCES;ROOMS;LIBS" ${ARGN})
  if(AJAR_FUZZ)
    add_executable(fuzz_${name} ${FUZZ_SOURCES})
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(fuzz_${name} ${FUZZ_SOURCES} ${CMAKE_SOURCE_DIR}/tests/support/fuzz_replay.c)
  endif()
  target_link_libraries(fuzz_${name} PRIVATE ajar_flags ${FUZZ_LIBS})
  foreach(room ${FUZZ_ROOMS})
    target_link_libraries(fuzz_${name} PRIVATE ajar_${room})
  endforeach()
  if(NOT AJAR_FUZZ)
    add_test(NAME fuzz_replay_${name} COMMAND fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/seeds/${name})
    set_tests_properties(fuzz_replay_${name} PROPERTIES
      FAIL_REGULAR_EXPRESSION "(LeakSanitizer|AddressSanitizer|runtime error:)")
  endif()
endfunction()
