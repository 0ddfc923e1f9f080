// Regular expressions by RE2, written the way jq's are: flags, named groups, matches by code
// points.
//
// Limitations: what RE2 has not (look-around, back-references, possessive repeats) is refused when
// the pattern is compiled; matching takes time in proportion to the text, whatever the pattern.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/status.h"

namespace re2 {
class RE2;
}

namespace penstock::jq {

/// A group of a match; `found` false: it took no part.
struct Span {
  size_t begin = 0;  ///< in bytes
  size_t end = 0;
  bool found = false;
};

class Regex {
 public:
  /// `flags`: any of jq's letters g i x s n p l.
  static Result<Regex> compile(std::string_view pattern, std::string_view flags);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;

  /// Instructions it compiled to.
  size_t size() const;
  bool global() const { return global_; }
  bool skips_empty() const { return skips_empty_; }
  /// The whole match and then its groups; empty: none from `from` on.
  std::vector<Span> match(std::string_view text, size_t from) const;
  /// The groups' names by number from 1; empty: it has none.
  const std::vector<std::string>& names() const { return names_; }

 private:
  Regex();

  std::unique_ptr<re2::RE2> re2_;
  std::vector<std::string> names_;
  bool global_ = false;
  bool skips_empty_ = false;
};

}  // namespace penstock::jq
