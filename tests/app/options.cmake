# The command line by itself: its library, its generated documents, its completions.
find_program(AJAR_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
ajar_test(options SOURCES test_options.c ROOMS options)
target_include_directories(test_options PRIVATE ${CMAKE_SOURCE_DIR}/src/app)
add_test(NAME cli_documents COMMAND ${AJAR_PYTHON} ${CMAKE_SOURCE_DIR}/scripts/gen-cli --check)
add_test(NAME cli_completions
  COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/check_completions.bash ${CMAKE_SOURCE_DIR}/docs/completions)
set_tests_properties(cli_documents cli_completions PROPERTIES TIMEOUT 60)
