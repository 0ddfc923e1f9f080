// Cuts a jq program into tokens. Pure; the text must outlive the lexer, not the tokens.
//
// Limitations: interpolations nest at most limits::jq_program_depth_max deep.
#pragma once

#include <string_view>
#include <vector>

#include "executor/jq/token.h"
#include "proto/status.h"

namespace penstock::jq {

/// "line 2, column 5: message", for the byte `offset` of `text`.
Status syntax_error(std::string_view text, size_t offset, std::string_view message);

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  /// All tokens, the last one kEnd.
  Result<std::vector<Token>> run();

 private:
  Status tokens(std::vector<Token>& out, bool inside_string);
  Status next(Token& token);
  Status string(Token& token);
  Status escape(std::string& piece);
  Status interpolation(Token& token);
  void skip_space();
  void word(Token& token, TokenKind kind);
  void number(Token& token);
  bool symbol(Token& token);
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t depth_ = 0;
};

}  // namespace penstock::jq
