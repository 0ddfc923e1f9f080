// Golden cases in Markdown: prose, a request as raw bytes, the answers. See README.md for the
// notation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penstock::gateway::test {

/// One line of an `answers` block.
struct ExpectedAnswer {
  int status = 0;
  std::string code;  ///< of the problem, "" when the answer is none
  bool close = false;
  bool head_only = false;  ///< to a HEAD
};

struct GoldenCase {
  std::string file;
  std::string name;
  std::string bytes;
  bool half_close = false;  ///< the client ends its side behind the bytes
  std::vector<ExpectedAnswer> answers;
  std::vector<std::string> requests;  ///< what the application sees; only if given
  bool requests_given = false;
};

/// Reads all cases of the `*.md` files in `folder`, in the order of their names. Throws
/// std::runtime_error with file and line where the notation is broken.
std::vector<GoldenCase> read_golden(const std::string& folder);

/// Resolves the escapes of the notation.
std::string unescape(std::string_view text);

}  // namespace penstock::gateway::test
