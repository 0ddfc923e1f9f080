// The parts of executor/CONFORMANCE.md that tests make: between `<!-- NAME -->` and
// `<!-- /NAME -->`. With UPDATE_DOCS in the environment a part is written, else compared.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace penstock::executor {

/// Whether the part says `made`, or now does.
inline bool conformance_part(const std::string& name, const std::string& made) {
  const char* const file = "executor/CONFORMANCE.md";
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string open = "<!-- " + name + " -->\n", close = "<!-- /" + name + " -->";
  const size_t begin = text.find(open), end = text.find(close);
  if (begin == text.npos || end == text.npos) return false;
  const size_t from = begin + open.size();
  if (!std::getenv("UPDATE_DOCS")) return text.substr(from, end - from) == made;
  std::ofstream(file) << text.substr(0, from) << made << text.substr(end);
  return true;
}

}  // namespace penstock::executor
