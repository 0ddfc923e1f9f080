#include "executor/definition/json_reader.h"

#include <string>

#include "executor/json/unescape.h"

namespace penstock::definition {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Reader {
 public:
  Reader(std::string_view text, TextBuilder& builder) : text_(text), builder_(builder) {}

  Status document() {
    PENSTOCK_TRY(value());
    skip_space();
    return at_ == text_.size() ? Status() : Status::invalid("text behind the end of the JSON");
  }
  /// Where the fault is: at the token that was not taken, else where the reader stands.
  Position fault() const { return refused_.line > 0 ? refused_ : position(); }

 private:
  Position position() const { return {line_, static_cast<uint32_t>(at_ - line_start_ + 1)}; }
  // Passes on what the builder says of the token that began at `begin`.
  Status offer(Position begin, Status status) {
    if (!status.ok()) refused_ = begin;
    return status;
  }
  bool more() const { return at_ < text_.size(); }
  char peek() const { return more() ? text_[at_] : '\0'; }
  bool take(char wanted) {
    if (!more() || text_[at_] != wanted) return false;
    at_++;
    return true;
  }
  void skip_space() {
    for (; more(); at_++) {
      const char c = text_[at_];
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return;
      if (c != '\n') continue;
      line_++;
      line_start_ = at_ + 1;
    }
  }
  Status value();
  Status object();
  Status member();
  Status array();
  Status word(std::string_view word);
  Status number();
  Status string(std::string& out);
  bool digits();

  std::string_view text_;
  TextBuilder& builder_;
  size_t at_ = 0;
  size_t line_start_ = 0;
  uint32_t line_ = 1;
  Position refused_;
};

Status Reader::value() {
  skip_space();
  switch (peek()) {
    case '{':
      return object();
    case '[':
      return array();
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    case '"': {
      const Position begin = position();
      std::string text;
      PENSTOCK_TRY(string(text));
      return offer(begin, builder_.string(begin, 0, text));
    }
    default:
      return number();
  }
}

Status Reader::object() {
  PENSTOCK_TRY(builder_.begin_object(position(), 0));
  at_++;
  skip_space();
  if (take('}')) return builder_.end();
  while (true) {
    PENSTOCK_TRY(member());
    if (take('}')) return builder_.end();
    if (!take(',')) return Status::invalid("expected , or } in the object");
  }
}

Status Reader::member() {
  skip_space();
  if (peek() != '"') return Status::invalid("expected a key in double quotes");
  const Position begin = position();
  std::string key;
  PENSTOCK_TRY(string(key));
  PENSTOCK_TRY(offer(begin, builder_.string(begin, 0, key)));
  skip_space();
  if (!take(':')) return Status::invalid("expected : behind the key");
  PENSTOCK_TRY(value());
  skip_space();
  return {};
}

Status Reader::array() {
  PENSTOCK_TRY(builder_.begin_array(position(), 0));
  at_++;
  skip_space();
  if (take(']')) return builder_.end();
  while (true) {
    PENSTOCK_TRY(value());
    skip_space();
    if (take(']')) return builder_.end();
    if (!take(',')) return Status::invalid("expected , or ] in the array");
  }
}

Status Reader::word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return Status::invalid("expected a JSON value");
  const Position begin = position();
  at_ += word.size();
  return offer(begin, builder_.scalar(begin, 0, word));
}

bool Reader::digits() {
  const size_t begin = at_;
  while (is_digit(peek())) at_++;
  return at_ > begin;
}

Status Reader::number() {
  const Position where = position();
  const size_t begin = at_;
  take('-');
  bool sound = take('0') || digits();
  if (sound && take('.')) sound = digits();
  if (sound && (take('e') || take('E'))) {
    if (!take('+')) take('-');
    sound = digits();
  }
  if (!sound) return Status::invalid(more() ? "expected a JSON value" : "the JSON ends too early");
  return offer(where, builder_.scalar(where, 0, text_.substr(begin, at_ - begin)));
}

Status Reader::string(std::string& out) {
  const size_t begin = ++at_;
  while (more() && text_[at_] != '"') {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) {
      return Status::invalid("a line end inside a string");
    }
    at_ += text_[at_] == '\\' ? 2 : 1;
  }
  if (!more()) return Status::invalid("a string without its closing quote");
  if (!json::unescape(text_.substr(begin, at_ - begin), out)) {
    return Status::invalid("unknown escape in a string");
  }
  at_++;
  return {};
}

}  // namespace

Status read_json(std::string_view source, TextBuilder& builder, Complaint& complaint) {
  Reader reader(source, builder);
  Status status = reader.document();
  if (!status.ok()) complaint = {reader.fault(), status.message(), {}};
  return status;
}

}  // namespace penstock::definition
