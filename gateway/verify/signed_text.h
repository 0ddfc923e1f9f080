// The exact bytes that a signature covers, put together from a template such as
// "{timestamp}.{body}". Pieces are views, so a body is never copied to be signed.
//
// Placeholders: {body} {timestamp} {id} {url} {path} {query} {method} {form} (names and values of
// the form, sorted, joined without anything between) {header:NAME} {secret}. "{{" is a brace.
// Pure, any thread; a SignedText must not outlive the request.
#pragma once

#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/request.h"
#include "proto/status.h"

namespace penstock::verify {

class SignedText {
 public:
  /// A view that outlives this text.
  void add(std::string_view piece) { pieces_.push_back(piece); }
  /// Keeps a text for as long as this one lives, for add() to take views of.
  std::string_view hold(std::string text) {
    return text.empty() ? std::string_view() : owned_.emplace_back(std::move(text));
  }
  void hold_and_add(std::string piece) { add(hold(std::move(piece))); }
  /// The place where the secret stands.
  void add_secret();

  /// The pieces with `secret` in its place.
  std::vector<std::string_view> pieces(std::string_view secret = {}) const;
  /// All of it for people, "{secret}" in the secret's place.
  std::string shown() const;

 private:
  static constexpr size_t nowhere = static_cast<size_t>(-1);
  std::list<std::string> owned_;  // never moves what it holds
  std::vector<std::string_view> pieces_;
  size_t secret_at_ = nowhere;
};

/// The values of the placeholders that do not stand in the request itself.
struct TextValues {
  std::string_view url;
  std::string_view timestamp;
  std::string_view id;
  std::string_view form;
};

class TextTemplate {
 public:
  /// Fault: kInvalid with the placeholder that is unknown.
  static Result<TextTemplate> parse(std::string_view text);

  bool uses_url() const;
  bool uses_form() const { return uses(Kind::kForm); }
  bool uses_timestamp() const { return uses(Kind::kTimestamp); }
  bool uses_id() const { return uses(Kind::kId); }
  /// Appends to `out`. Fault: kInvalid naming the header that is missing.
  Status fill(const SignedRequest& request, const TextValues& values, SignedText& out) const;

 private:
  enum class Kind : uint8_t {
    kLiteral,
    kBody,
    kTimestamp,
    kId,
    kUrl,
    kPath,
    kQuery,
    kMethod,
    kForm,
    kHeader,
    kSecret,
  };
  struct Part {
    Kind kind;
    std::string text;  // of a literal, or a header's name
  };
  static Result<Part> placeholder(std::string_view name);
  bool uses(Kind kind) const;
  void add_literal(char c);

  std::vector<Part> parts_;
};

}  // namespace penstock::verify
