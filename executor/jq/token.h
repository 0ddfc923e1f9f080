// The words of a jq program. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::jq {

enum class TokenKind : uint8_t {
  kEnd,
  kName,      ///< name, keyword or module::name
  kField,     ///< .name
  kVariable,  ///< $name
  kNumber,
  kString,  ///< pieces of text with expressions between them
  kFormat,  ///< @name
  kSymbol,  ///< operators and brackets
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;  ///< without its mark; symbols as written
  size_t offset = 0;
  /// Of a string: texts, unescaped, one more than there are expressions between them.
  std::vector<std::string> pieces;
  std::vector<std::vector<Token>> expressions;  ///< each ends with kEnd

  bool is(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
  bool is_word(std::string_view word) const { return kind == TokenKind::kName && text == word; }
};

}  // namespace penstock::jq
