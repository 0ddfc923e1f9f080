// What is sent: a mix of payloads, from files or made to a size, each with a weight. Which one a
// sequence number gets, and every byte of it, follows from the seed and that number alone.
//
// Lifecycle: built once from the options. One thread.
#pragma once

#include <string>
#include <vector>

#include "bench/load/template.h"

namespace penstock::bench {

class Payloads {
 public:
  static constexpr size_t file_bytes_max = 64 * 1024 * 1024;

  explicit Payloads(uint64_t seed) : seed_(seed) {}
  /// FILE or FILE*WEIGHT; raw: {{…}} in it means nothing.
  Status add_file(const std::string& spec, bool raw);
  /// A JSON object of about SIZE bytes: "1024", "1k", "64k*3" (with a weight).
  Status add_size(const std::string& spec);
  bool empty() const { return entries_.empty(); }

  /// Appends the payload of `seq`.
  void render(uint64_t seq, std::string& out) const;
  /// Whether every payload is the same bytes.
  bool constant() const { return entries_.size() == 1 && entries_[0].text.constant(); }

 private:
  struct Entry {
    Template text;
    uint64_t weight;
  };
  void add(Template text, uint64_t weight);

  uint64_t seed_;
  uint64_t weights_ = 0;
  std::vector<Entry> entries_;
};

/// "300", "1k", "1KB", "2m": bytes.
Result<uint64_t> parse_size(std::string_view text);

}  // namespace penstock::bench
