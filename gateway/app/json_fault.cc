// A strict RFC 8259 recogniser without recursion: one bit a level says object or array.
#include <vector>

#include "gateway/app/json_check.h"

namespace penstock::gateway {
namespace {

class Recogniser {
 public:
  Recogniser(std::string_view text, size_t depth_max) : text_(text), depth_max_(depth_max) {}

  std::optional<size_t> fault() {
    if (!document()) return at_;
    skip_space();
    if (at_ != text_.size()) return at_;
    return std::nullopt;
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    at_++;
    return true;
  }
  void skip_space() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' ||
                         text_[at_] == '\r'))
      at_++;
  }

  bool document() {
    for (;;) {  // one value a round; containers push a level and go round again
      skip_space();
      bool opened = false;
      if (!value(opened)) return false;
      if (opened) continue;
      if (!close_levels()) return false;
      if (levels_.empty()) return true;
    }
  }

  /// A scalar, an empty container, or the start of one (`opened`, up to its first value).
  bool value(bool& opened) {
    const char c = peek();
    if (c == '"') return string();
    if (c == '-' || (c >= '0' && c <= '9')) return number();
    if (c == 't') return word("true");
    if (c == 'f') return word("false");
    if (c == 'n') return word("null");
    if (c != '{' && c != '[') return false;
    if (levels_.size() == depth_max_) return false;
    at_++;
    skip_space();
    const bool object = c == '{';
    if (take(object ? '}' : ']')) return true;
    levels_.push_back(object);
    opened = true;
    return object ? key() : true;
  }

  /// Behind a value: closes what ends here, or stands before the next value.
  bool close_levels() {
    while (!levels_.empty()) {
      skip_space();
      const bool object = levels_.back();
      if (take(',')) {
        skip_space();
        return object ? key() : true;
      }
      if (!take(object ? '}' : ']')) return false;
      levels_.pop_back();
    }
    return true;
  }

  bool key() {
    if (!string()) return false;
    skip_space();
    return take(':');
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  bool digits() {
    const size_t from = at_;
    while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9') at_++;
    return at_ > from;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (peek() == 'e' || peek() == 'E') {
      at_++;
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool string() {
    if (!take('"')) return false;
    while (!at_end()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c < 0x20) return false;
      at_++;
      if (c == '"') return true;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  bool escape() {
    const char c = peek();
    if (c == 'u') {
      for (size_t i = 1; i <= 4; i++)
        if (at_ + i >= text_.size() || !isxdigit(static_cast<unsigned char>(text_[at_ + i])))
          return false;
      at_ += 5;
      return true;
    }
    if (at_end() || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return false;
    at_++;
    return true;
  }

  std::string_view text_;
  size_t depth_max_;
  size_t at_ = 0;
  std::vector<bool> levels_;  // true: object
};

}  // namespace

std::optional<size_t> find_json_fault(std::string_view text, size_t depth_max) {
  return Recogniser(text, depth_max).fault();
}

}  // namespace penstock::gateway
