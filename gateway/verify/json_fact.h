// Single values out of a JSON body, for the schemes that keep a timestamp or a signature in there.
//
// Lifecycle: parse a text, ask it; answers are copies. Any thread, one object on one thread.
// Limitations: simdjson behind it, known only to json_fact.cc; the text is copied once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::verify {

/// A JSON text, or nothing when it is none.
class JsonFacts {
 public:
  explicit JsonFacts(std::string_view text);
  JsonFacts(JsonFacts&&) noexcept;
  ~JsonFacts();

  bool valid() const;
  /// A string's content, or a whole number or truth value as text, at an RFC 6901 pointer
  /// (without escapes).
  std::optional<std::string> text(const std::string& pointer) const;
  /// A number, its fraction cut off.
  std::optional<int64_t> number(const std::string& pointer) const;
  /// The length of the array there; nullopt when there is none.
  std::optional<size_t> array_size(const std::string& pointer) const;
  /// Is there any value, null included?
  bool has(const std::string& pointer) const;
  bool is_object(const std::string& pointer) const;
  /// Is the value there a string?
  bool is_string(const std::string& pointer) const;
  /// Is there an object with two members of one name?
  bool repeats_member(const std::string& pointer) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace penstock::verify
