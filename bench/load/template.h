// A text with places to fill in: {{seq}} the sequence number, {{uuid}} a random UUID, {{random N}}
// N letters and digits. What is filled in depends on the Random alone, so a payload can be made
// again byte for byte.
//
// A value; rendering is pure. Limitations: no other places, no nesting.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/load/random.h"
#include "proto/status.h"

namespace penstock::bench {

class Template {
 public:
  static constexpr size_t random_max = 16 * 1024 * 1024;

  Template() = default;
  /// Fault: a place that is none of the known ones.
  static Result<Template> parse(std::string_view text);
  /// Takes the text as it is, whatever it holds.
  static Template verbatim(std::string text);

  /// Whether every rendering is the same.
  bool constant() const { return parts_.empty(); }
  void render(uint64_t seq, Random& random, std::string& out) const;

 private:
  enum class Kind : uint8_t { kText, kSeq, kUuid, kRandom };
  struct Part {
    Kind kind;
    size_t at = 0;    // of the text
    size_t size = 0;  // of the text, or of what is made up
  };
  Status add_place(std::string_view place);

  std::string text_;         // all literal pieces, one after the other
  std::vector<Part> parts_;  // empty: just the text
};

}  // namespace penstock::bench
