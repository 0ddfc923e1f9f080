# Writes the templates into a C++ source: cmake -DFILES=a.yaml;b.yaml -DOUT=x.cc -P embed.cmake
set(body "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND body "    {\"${name}\", R\"yaml(${text})yaml\"},\n")
endforeach()
file(WRITE ${OUT}
"// Made from executor/templates/*.yaml by embed.cmake.
#include \"executor/templates/templates.h\"

namespace penstock::templates {

static constexpr Template kTemplates[] = {
${body}};

std::span<const Template> all() { return kTemplates; }

}  // namespace penstock::templates
")
