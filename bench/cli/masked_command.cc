#include "bench/cli/masked_command.h"

#include <algorithm>
#include <string_view>

namespace penstock::bench {

static constexpr std::string_view kHidden = "***";

std::string masked_url(const std::string& url) {
  constexpr std::string_view kHooks = "/hooks/";
  const size_t at = url.find(kHooks);
  if (at == std::string::npos) return url;
  const size_t begin = at + kHooks.size(),
               end = std::min(url.find_first_of("/?", begin), url.size());
  return url.substr(0, begin) + std::string(kHidden) + url.substr(end);
}

/// Keeps the name of a header, not its value.
static std::string masked_header(std::string_view field) {
  return std::string(field.substr(0, field.find(':'))) + ": " + std::string(kHidden);
}

std::string masked_command(int argc, const char* const* argv) {
  std::string out = "penstock-bench";
  for (int i = 1; i < argc; i++) {
    const std::string_view word = argv[i], before = argv[i - 1];
    const size_t equals = word.find('=');
    const std::string_view flag = word.substr(0, equals);
    out += ' ';
    if (before == "--secret" || before == "--token")
      out += kHidden;
    else if (before == "--header" || before == "-H")
      out += "'" + masked_header(word) + "'";
    else if (equals != std::string_view::npos &&
             (flag == "--secret" || flag == "--token" || flag == "--header"))
      out += std::string(flag) + "=" + std::string(kHidden);
    else
      out += masked_url(std::string(word));
  }
  return out;
}

}  // namespace penstock::bench
