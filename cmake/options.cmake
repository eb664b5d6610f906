# What every target of Hydrant is compiled with, and the two helpers that declare targets.

add_library(hydrant_options INTERFACE)
target_compile_features(hydrant_options INTERFACE cxx_std_20)
target_compile_options(hydrant_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -fno-omit-frame-pointer)
target_include_directories(hydrant_options INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
# Beast and Asio: one io_context a thread, coroutines only where they are asked for.
target_compile_definitions(hydrant_options INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
if(HYDRANT_SANITIZE)
  target_compile_options(hydrant_options INTERFACE -fsanitize=${HYDRANT_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(hydrant_options INTERFACE -fsanitize=${HYDRANT_SANITIZE})
endif()

# hydrant_library(<folder> SOURCES ... LINKS ...): the one library of a folder, hydrant::<folder>.
function(hydrant_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  if(arg_SOURCES)
    add_library(hydrant_${name} STATIC ${arg_SOURCES})
    target_link_libraries(hydrant_${name} PUBLIC hydrant_options ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
  else()
    add_library(hydrant_${name} INTERFACE)
    target_link_libraries(hydrant_${name} INTERFACE hydrant_options ${arg_LINKS})
  endif()
  add_library(hydrant::${name} ALIAS hydrant_${name})
  set_target_properties(hydrant_${name} PROPERTIES EXPORT_NAME ${name})
endfunction()
