# cmake -DOUTPUT=<file.cpp> -DFOLDER=<folder> -P embed_lua.cmake: makes one C++ source of all Lua scripts of a folder.
# A script whose first line is `-- include a.lua b.lua` begins with the text of these parts.

file(GLOB paths "${FOLDER}/*.lua")
list(SORT paths)
set(rows "")
foreach(path IN LISTS paths)
  get_filename_component(name "${path}" NAME_WE)
  if(name MATCHES "^parts_")
    continue()
  endif()
  file(READ "${path}" text)
  set(pieces "")
  if(text MATCHES "^-- include ([^\n]*)\n")
    separate_arguments(parts UNIX_COMMAND "${CMAKE_MATCH_1}")
    foreach(part IN LISTS parts)
      file(READ "${FOLDER}/${part}" part_text)
      string(APPEND pieces "R\"lua(${part_text})lua\"\n")
    endforeach()
  endif()
  string(APPEND pieces "R\"lua(${text})lua\"")
  string(APPEND rows "    {\"${name}\", ${pieces}},\n")
endforeach()

file(WRITE "${OUTPUT}" "// Made by cmake/embed_lua.cmake from store/redis/lua/.
#include \"store/redis/scripts.hpp\"

#include <stdexcept>
#include <string>
#include <utility>

namespace hydrant::store::redis {
namespace {

constexpr std::pair<std::string_view, std::string_view> sources[] = {
${rows}};

}  // namespace

std::string_view lua_source(std::string_view name) {
  for (const auto& [known, text] : sources)
    if (known == name) return text;
  throw std::logic_error(\"there is no script \" + std::string(name));
}

}  // namespace hydrant::store::redis
")
