# Installs the package, builds the example against it, and compares what it prints. See CMakeLists.txt.
cmake_minimum_required(VERSION 3.25)

function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${what} failed (${code}):\n${out}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
set(flags "")
if(SANITIZE)
  set(flags "-fsanitize=${SANITIZE}")
endif()

step("installing" ${CMAKE_COMMAND} --install ${BUILD} --component rules --prefix ${WORK}/prefix)

# Nothing that is the server's, and no path of the tree that it was built in.
file(GLOB_RECURSE installed RELATIVE ${WORK}/prefix ${WORK}/prefix/*)
foreach(file ${installed})
  if(NOT file MATCHES "^(include/beckon/(rules|json)/[a-z_0-9]+\\.hpp|lib[^/]*/.*libbeckon_(rules|json)\\.a|lib.*/cmake/beckon-rules/[a-z-]+\\.cmake)$")
    message(FATAL_ERROR "not of the rules library: ${file}")
  endif()
  if(file MATCHES "\\.cmake$")
    file(READ ${WORK}/prefix/${file} text)
    string(FIND "${text}" "${BUILD}" found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${file} names the build's own folder")
    endif()
  endif()
endforeach()

# Moved, so that only what is relative to the package can be found.
file(RENAME ${WORK}/prefix ${WORK}/moved)
step("configuring" ${CMAKE_COMMAND} -S ${EXAMPLE} -B ${WORK}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=${BUILD_TYPE}
     -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${flags} -DCMAKE_PREFIX_PATH=${WORK}/moved)
step("building" ${CMAKE_COMMAND} --build ${WORK}/build)

execute_process(COMMAND ${WORK}/build/kiosk ${EXAMPLE}/rules.json RESULT_VARIABLE code OUTPUT_VARIABLE seen ERROR_VARIABLE complaint)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "kiosk ended with ${code}: ${complaint}")
endif()
file(READ ${EXPECTED} expected)
if(NOT seen STREQUAL expected)
  message(FATAL_ERROR "the example prints something else than ${EXPECTED}:\n${seen}")
endif()
message("1 passed, 0 failed")  # the example prints what is expected: counted by scripts/test
