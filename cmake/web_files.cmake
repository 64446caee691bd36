# Writes the web console's files into a C++ file, as hub/console/web_files.hpp has them: the build needs no Node.
#   cmake -DOUTPUT=web_files_content.cpp "-DFILES=index.html;console.js;…" -P web_files.cmake
set(type_html "text/html; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_json "application/json")
set(type_svg "image/svg+xml")

set(arrays "")
set(rows "")
set(number 0)
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  get_filename_component(suffix ${file} LAST_EXT)
  string(SUBSTRING ${suffix} 1 -1 suffix)
  if(NOT DEFINED type_${suffix})
    message(FATAL_ERROR "${file}: no content type for .${suffix}")
  endif()
  file(READ ${file} hex HEX)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 32 tag)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char kFile${number}[] = {${bytes}'\\0'};\n")
  string(APPEND rows "    {\"${name}\", \"${type_${suffix}}\", \"\\\"${tag}\\\"\", {kFile${number}, sizeof kFile${number} - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"hub/console/web_files.hpp\"

namespace hub::console {
namespace {
${arrays}
constexpr WebFile kFiles[] = {
${rows}};
}  // namespace

std::span<const WebFile> web_files() { return kFiles; }

}  // namespace hub::console
")
