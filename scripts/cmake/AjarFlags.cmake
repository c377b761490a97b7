# Compiler flags of every target of ours; third-party sources get none of the warnings.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(AJAR_WERROR "Warnings are errors" OFF)
option(AJAR_HARDEN "Hardened release flags" OFF)
set(AJAR_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

add_library(ajar_flags INTERFACE)
target_include_directories(ajar_flags INTERFACE ${CMAKE_SOURCE_DIR}/include)
target_compile_definitions(ajar_flags INTERFACE _GNU_SOURCE AJAR_VERSION="${PROJECT_VERSION}")
target_compile_options(ajar_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wswitch-enum -Wvla -Wformat=2 -Wundef -Wpointer-arith
  -Wcast-qual -Wwrite-strings -fno-common
  # one object must be the same wherever the tree stands
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(ajar_flags INTERFACE -Wnull-dereference)
endif()
if(AJAR_WERROR)
  target_compile_options(ajar_flags INTERFACE -Werror)
endif()
if(AJAR_HARDEN)
  target_compile_options(ajar_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
    # clang before 16 wants a second flag for this one; gcc 12 has it
    $<$<C_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>)
  target_link_options(ajar_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(AJAR_SANITIZE)
  # -fno-sanitize-recover: a UBSan finding must end the test (style.md 6)
  add_compile_options(-fsanitize=${AJAR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${AJAR_SANITIZE})
endif()

option(AJAR_FUZZ "Build the libFuzzer targets (clang)" OFF)
if(AJAR_FUZZ)
  # every room, not the target file alone: coverage is what steers the fuzzer
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Criterion's macros are not written for these warnings. A library of its own, because its
# options must come after those of ajar_flags.
add_library(ajar_criterion_flags INTERFACE)
target_compile_options(ajar_criterion_flags INTERFACE
  -Wno-conversion -Wno-sign-conversion -Wno-missing-prototypes -Wno-undef -Wno-cast-qual)
