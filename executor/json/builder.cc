#include "executor/json/builder.h"

#include <algorithm>
#include <cstring>

#include "executor/json/number.h"
#include "executor/json/unescape.h"
#include "proto/limits.h"

namespace penstock::json {
namespace {

// The hot path is one function in the end: its state must not go through memory.
#define PENSTOCK_INLINE [[gnu::always_inline]] inline

PENSTOCK_INLINE bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

template <class Cursor>
PENSTOCK_INLINE void add(Cursor& cursor, Item::Type type, uint32_t begin, size_t length) {
  *cursor.pending++ = {begin, static_cast<uint32_t>(length), 0, 0, type};
}

// Past a token of one character.
template <class Cursor>
PENSTOCK_INLINE void skip(Cursor& cursor) {
  cursor.gaps |= cursor.at[1] - cursor.at[0] - 1;
  cursor.at++;
}

}  // namespace

Status Builder::build(Document& document, const uint32_t* starts, size_t count) {
  document_ = &document;
  text_ = document.text.get();
  starts_ = starts;
  end_ = starts + count;
  escapes_ = std::memchr(text_, '\\', document.text_bytes) != nullptr;
  open_.clear();
  // There are never more values and keys than tokens.
  if (pending_.size() < count + 1) pending_.resize(count + 1);
  document.items.reserve(count);
  if (!run()) return status_;
  document.items.push_back(pending_[0]);
  document.root_item = static_cast<uint32_t>(document.items.size() - 1);
  return {};
}

bool Builder::fail(const Cursor& cursor, const char* what) {
  const size_t byte = cursor.at < end_ ? *cursor.at : document_->text_bytes;
  status_ = Status::invalid("invalid JSON at byte " + std::to_string(byte) + ": " + what);
  return false;
}

// From the token's start to its last byte; what lies between tokens is space.
PENSTOCK_INLINE std::string_view Builder::token_text(Cursor& cursor) const {
  const uint32_t begin = *cursor.at;
  uint32_t end = cursor.at[1];
  if (is_space(text_[end - 1])) {
    cursor.gaps = 1;
    while (end > begin && is_space(text_[end - 1])) end--;
  }
  return {text_ + begin, end - begin};
}

PENSTOCK_INLINE bool Builder::open(Cursor& cursor, char closer) {
  if (open_.size() >= limits::json_depth_max) {
    status_ = Status::full("JSON nested deeper than " + std::to_string(limits::json_depth_max));
    return false;
  }
  open_.push_back({*cursor.at, cursor.pending, closer});
  document_->depth = std::max(document_->depth, static_cast<uint32_t>(open_.size()));
  skip(cursor);
  return true;
}

PENSTOCK_INLINE void Builder::close(Cursor& cursor) {
  const Open done = open_.back();
  open_.pop_back();
  const auto children = static_cast<uint32_t>(cursor.pending - done.first);
  const uint32_t first = static_cast<uint32_t>(document_->items.size());
  document_->items.insert(document_->items.end(), done.first, cursor.pending);
  cursor.pending = done.first;
  const bool object = done.closer == '}';
  add(cursor, object ? Item::kObject : Item::kArray, done.begin, *cursor.at + 1 - done.begin);
  done.first->first = first;
  done.first->count = (object ? children / 2 : children) & 0x0fffffff;
  skip(cursor);
}

PENSTOCK_INLINE bool Builder::key(Cursor& cursor) {
  if (token(cursor) != '"') return fail(cursor, "a key in quotes was expected");
  if (!string(cursor)) return false;
  if (token(cursor) != ':') return fail(cursor, "':' was expected");
  skip(cursor);
  return true;
}

PENSTOCK_INLINE bool Builder::string(Cursor& cursor) {
  const std::string_view quoted = token_text(cursor);
  if (quoted.size() < 2 || quoted.back() != '"') return fail(cursor, "a string without its end");
  const std::string_view inside = quoted.substr(1, quoted.size() - 2);
  if (escapes_ && inside.find('\\') != inside.npos) {
    return escaped(cursor, inside);
  }
  add(cursor, Item::kString, *cursor.at + 1, inside.size());
  cursor.at++;
  return true;
}

bool Builder::escaped(Cursor& cursor, std::string_view inside) {
  const size_t begin = document_->unescaped.size();
  if (!unescape(inside, document_->unescaped)) return fail(cursor, "a wrong escape in a string");
  add(cursor, Item::kEscaped, static_cast<uint32_t>(begin), document_->unescaped.size() - begin);
  cursor.at++;
  return true;
}

PENSTOCK_INLINE bool Builder::number(Cursor& cursor) {
  const std::string_view text = token_text(cursor);
  if (!is_number_text(text)) return fail(cursor, "a value was expected");
  add(cursor, Item::kNumber, *cursor.at, text.size());
  cursor.at++;
  return true;
}

bool Builder::atom(Cursor& cursor, std::string_view word, Item::Type type) {
  if (token_text(cursor) != word) return fail(cursor, "a value was expected");
  add(cursor, type, *cursor.at, word.size());
  cursor.at++;
  return true;
}

PENSTOCK_INLINE bool Builder::scalar(Cursor& cursor) {
  switch (token(cursor)) {
    case '"':
      return string(cursor);
    case 't':
      return atom(cursor, "true", Item::kTrue);
    case 'f':
      return atom(cursor, "false", Item::kFalse);
    case 'n':
      return atom(cursor, "null", Item::kNull);
    default:
      return number(cursor);
  }
}

// A value is done: ends the containers that end here, and stands before the next value if any.
PENSTOCK_INLINE bool Builder::next_value(Cursor& cursor) {
  while (!open_.empty()) {
    const char closer = open_.back().closer;
    if (token(cursor) == ',') {
      skip(cursor);
      return closer == ']' || key(cursor);
    }
    if (token(cursor) != closer) {
      return fail(cursor, closer == '}' ? "',' or '}' was expected" : "',' or ']' was expected");
    }
    close(cursor);
  }
  return true;
}

bool Builder::run() {
  Cursor cursor = {starts_, pending_.data(), end_ > starts_ ? starts_[0] : 0};
  for (;;) {
    const char first = token(cursor);
    if (first == '{' || first == '[') {
      if (!open(cursor, first == '{' ? '}' : ']')) return false;
      if (token(cursor) != open_.back().closer) {
        if (first == '{' && !key(cursor)) return false;
        continue;
      }
      close(cursor);
    } else if (!scalar(cursor)) {
      return false;
    }
    if (!next_value(cursor)) return false;
    if (open_.empty()) break;
  }
  document_->canonical = !escapes_ && cursor.gaps == 0;
  return cursor.at == end_ || fail(cursor, "text behind the end of the value");
}

#undef PENSTOCK_INLINE

}  // namespace penstock::json
