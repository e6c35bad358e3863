# The module table of docs/architecture.md, in dependency order: a module may use only modules before it.
# tests/architecture/ checks the include graph against the same DEPS.
set(GROKSCOPE_MODULES base config theory history engine data model probe train session sweep chart export claims ui app)

# add_module(NAME [TORCH] DEPS module... [LIBS target...])
# One static library grokscope_<NAME> of every .cpp below this folder. TORCH modules are compiled in unity
# batches because the torch headers cost more than the code.
function(add_module NAME)
  cmake_parse_arguments(ARG "TORCH" "" "DEPS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$|/plugin/")
  if(NOT sources)
    file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/empty.cpp" "// ${NAME} has no sources yet.\n")
    set(sources "${CMAKE_CURRENT_BINARY_DIR}/empty.cpp")
  endif()
  add_library(grokscope_${NAME} STATIC ${sources})
  target_include_directories(grokscope_${NAME} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(grokscope_${NAME} PRIVATE grokscope_flags PUBLIC ${ARG_LIBS})
  foreach(dependency IN LISTS ARG_DEPS)
    target_link_libraries(grokscope_${NAME} PUBLIC grokscope_${dependency})
  endforeach()
  if(ARG_TORCH)
    target_link_libraries(grokscope_${NAME} PRIVATE tp::torch)
    if(GROKSCOPE_UNITY)
      set_target_properties(grokscope_${NAME} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
    endif()
  endif()
endfunction()
