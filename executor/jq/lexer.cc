#include "executor/jq/lexer.h"

#include <algorithm>

#include "executor/json/unescape.h"
#include "proto/limits.h"

namespace penstock::jq {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_char(char c) {
  return is_name_start(c) || is_digit(c);
}

}  // namespace

Status syntax_error(std::string_view text, size_t offset, std::string_view message) {
  const std::string_view before = text.substr(0, offset);
  const size_t newline = before.rfind('\n');
  const size_t line = 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
  const size_t column = newline == before.npos ? offset + 1 : offset - newline;
  return Status::invalid("line " + std::to_string(line) + ", column " + std::to_string(column) +
                         ": " + std::string(message));
}

Result<std::vector<Token>> Lexer::run() {
  std::vector<Token> out;
  const Status status = tokens(out, false);
  if (!status) return status;
  return out;
}

// Inside a string the tokens end with the parenthesis that closes the interpolation.
Status Lexer::tokens(std::vector<Token>& out, bool inside_string) {
  size_t open = 0;
  for (;;) {
    Token token;
    PENSTOCK_TRY(next(token));
    if (inside_string && token.kind == TokenKind::kEnd) {
      return syntax_error(text_, at_, "')' was expected: the string's \\( is still open");
    }
    if (token.is("(")) open++;
    const bool closes = inside_string && open == 0 && token.is(")");
    if (token.is(")") && open > 0) open--;
    if (closes) token.kind = TokenKind::kEnd;
    out.push_back(std::move(token));
    if (out.back().kind == TokenKind::kEnd) return {};
  }
}

void Lexer::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      at_++;
    } else {
      return;
    }
  }
}

Status Lexer::next(Token& token) {
  skip_space();
  token.offset = at_;
  const char c = peek();
  if (at_ >= text_.size()) return {};
  if (c == '"') return string(token);
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
    number(token);
  } else if (is_name_start(c)) {
    word(token, TokenKind::kName);
  } else if (c == '.' && is_name_start(peek(1))) {
    at_++;
    word(token, TokenKind::kField);
  } else if (c == '$' && is_name_start(peek(1))) {
    at_++;
    word(token, TokenKind::kVariable);
  } else if (c == '@' && is_name_char(peek(1))) {
    at_++;
    word(token, TokenKind::kFormat);
  } else if (!symbol(token)) {
    return syntax_error(text_, at_, std::string("unexpected character '") + c + "'");
  }
  return {};
}

void Lexer::word(Token& token, TokenKind kind) {
  token.kind = kind;
  const size_t begin = at_;
  while (is_name_char(peek())) at_++;
  const bool modules = kind == TokenKind::kName || kind == TokenKind::kVariable;
  while (modules && peek() == ':' && peek(1) == ':' && is_name_start(peek(2))) {
    at_ += 2;
    while (is_name_char(peek())) at_++;
  }
  token.text = text_.substr(begin, at_ - begin);
}

void Lexer::number(Token& token) {
  token.kind = TokenKind::kNumber;
  const size_t begin = at_;
  while (is_digit(peek())) at_++;
  if (peek() == '.') at_++;
  while (is_digit(peek())) at_++;
  const bool exponent = (peek() | 0x20) == 'e';
  const size_t sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
  if (exponent && is_digit(peek(sign))) {
    at_ += sign;
    while (is_digit(peek())) at_++;
  }
  token.text = text_.substr(begin, at_ - begin);
}

bool Lexer::symbol(Token& token) {
  static constexpr std::string_view symbols[] = {
      "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=",
      "//",  "..",  "?",  "=",  "<",  ">",  "|",  ",",  "+",  "-",  "*",  "/",
      "%",   ".",   "[",  "]",  "(",  ")",  "{",  "}",  ":",  ";",  "$"};
  for (const std::string_view known : symbols) {
    if (text_.substr(at_, known.size()) != known) continue;
    token.kind = TokenKind::kSymbol;
    token.text = known;
    at_ += known.size();
    return true;
  }
  return false;
}

Status Lexer::string(Token& token) {
  token.kind = TokenKind::kString;
  token.pieces.emplace_back();
  const size_t begin = at_++;
  for (;;) {
    const size_t stop = text_.find_first_of("\"\\", at_);
    if (stop == text_.npos) return syntax_error(text_, begin, "this string has no end");
    token.pieces.back().append(text_.substr(at_, stop - at_));
    at_ = stop + 1;
    if (text_[stop] == '"') return {};
    if (peek() == '(') {
      PENSTOCK_TRY(interpolation(token));
    } else {
      PENSTOCK_TRY(escape(token.pieces.back()));
    }
  }
}

// at_ is behind the backslash. The two halves of a pair go through the JSON rules together.
Status Lexer::escape(std::string& piece) {
  size_t bytes = peek() == 'u' ? 5 : 1;
  const auto unit = json::hex4(text_.substr(std::min(at_ + 1, text_.size())));
  const bool high = bytes == 5 && unit && *unit >= 0xD800 && *unit < 0xDC00;
  if (high && text_.substr(at_ + 5, 2) == "\\u" && json::hex4(text_.substr(at_ + 7))) bytes = 11;
  const std::string_view raw = text_.substr(at_ - 1, bytes + 1);
  if (!json::unescape(raw, piece)) {
    return syntax_error(text_, at_ - 1, "a wrong escape in a string");
  }
  at_ += bytes;
  return {};
}

Status Lexer::interpolation(Token& token) {
  if (depth_ >= limits::jq_program_depth_max / 10) {
    return syntax_error(text_, at_, "strings are nested too deep");
  }
  at_++;
  depth_++;
  token.expressions.emplace_back();
  PENSTOCK_TRY(tokens(token.expressions.back(), true));
  depth_--;
  token.pieces.emplace_back();
  return {};
}

}  // namespace penstock::jq
