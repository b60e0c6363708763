# One target a folder, and dependencies that point one way.

# beckon_layer(NAME DEPENDS layer… [LIBRARIES …] [PRIVATE …] [FOLDERS …])
# A folder of server/ as a static library `beckon_NAME` of all its sources, those of its FOLDERS included. Headers are
# included as "NAME/file.hpp". A header of a folder that is not among DEPENDS (directly or through them) is not on the
# include path's allowed list: the build fails with the include's file and line.
function(beckon_layer name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES;PRIVATE;FOLDERS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  foreach(folder ${ARG_FOLDERS})
    file(GLOB more_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
    file(GLOB more_headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.hpp)
    list(APPEND sources ${more_sources})
    list(APPEND headers ${more_headers})
  endforeach()
  add_library(beckon_${name} STATIC ${sources})
  target_include_directories(beckon_${name} PUBLIC ${PROJECT_SOURCE_DIR}/server)
  set(allowed ${name})
  foreach(layer ${ARG_DEPENDS})
    if(TARGET beckon_${layer})
      target_link_libraries(beckon_${name} PUBLIC beckon_${layer})
    endif()
    get_property(below GLOBAL PROPERTY BECKON_LAYER_${layer})
    list(APPEND allowed ${layer} ${below})
  endforeach()
  list(REMOVE_DUPLICATES allowed)
  set_property(GLOBAL PROPERTY BECKON_LAYER_${name} ${allowed})
  target_link_libraries(beckon_${name} PUBLIC ${ARG_LIBRARIES} PRIVATE ${ARG_PRIVATE})

  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/layer_${name}.stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${sources};${headers}" "-DALLOWED=${allowed}" -DNAME=${name} -DSTAMP=${stamp}
            -P ${PROJECT_SOURCE_DIR}/cmake/check_layer.cmake
    DEPENDS ${sources} ${headers} ${PROJECT_SOURCE_DIR}/cmake/check_layer.cmake
    VERBATIM)
  add_custom_target(layer_${name} DEPENDS ${stamp})
  add_dependencies(beckon_${name} layer_${name})
endfunction()

# beckon_test(NAME SOURCES … LIBRARIES … [LABELS …])
# A Catch2 program `NAME`, run by CTest as one test. Its sources share tests/support/main.cpp's Catch2 runner.
function(beckon_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE beckon_test_main ${ARG_LIBRARIES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_precompile_headers(${name} REUSE_FROM beckon_test_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(ARG_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}")
  endif()
endfunction()
