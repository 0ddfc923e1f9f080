#include "executor/json/builder.h"

#include <algorithm>
#include <cstring>

#include "executor/json/number.h"
#include "executor/json/unescape.h"
#include "proto/limits.h"

namespace penstock::json {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

Status Builder::build(Document& document, const uint32_t* starts, size_t count) {
  document_ = &document;
  text_ = document.text.get();
  starts_ = starts;
  count_ = count;
  at_ = 0;
  escapes_ = std::memchr(text_, '\\', document.text_bytes) != nullptr;
  spaces_ = count > 0 && starts[0] != 0;
  open_.clear();
  pending_.clear();
  document.items.reserve(count);
  PENSTOCK_TRY(value());
  while (!open_.empty()) PENSTOCK_TRY(after_value());
  if (at_ != count_) return fail("text behind the end of the value");
  document.items.push_back(pending_[0]);
  document.root_item = static_cast<uint32_t>(document.items.size() - 1);
  document.canonical = !escapes_ && !spaces_;
  return {};
}

Status Builder::fail(const char* what) const {
  const size_t byte = at_ < count_ ? starts_[at_] : document_->text_bytes;
  return Status::invalid("invalid JSON at byte " + std::to_string(byte) + ": " + what);
}

void Builder::add(Item::Type type, uint32_t begin, size_t length) {
  pending_.push_back({begin, static_cast<uint32_t>(length), 0, 0, type});
}

// From the token's start to its last byte; what lies between tokens is space.
std::string_view Builder::token_text() {
  const uint32_t begin = starts_[at_];
  uint32_t end = starts_[at_ + 1];
  if (is_space(text_[end - 1])) {
    spaces_ = true;
    while (is_space(text_[end - 1])) end--;
  }
  return {text_ + begin, end - begin};
}

Status Builder::value() {
  switch (token()) {
    case '{': return open(true);
    case '[': return open(false);
    case '"': return string();
    case 't': return atom("true", Item::kTrue);
    case 'f': return atom("false", Item::kFalse);
    case 'n': return atom("null", Item::kNull);
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9': return number();
    default: return fail("a value was expected");
  }
}

// A value inside a container is done: a comma and the next one, or the end of the container.
Status Builder::after_value() {
  const char next = token();
  const bool object = open_.back().object;
  if (next == (object ? '}' : ']')) return close(next);
  if (next != ',') return fail(object ? "',' or '}' was expected" : "',' or ']' was expected");
  token_text();
  at_++;
  if (object) PENSTOCK_TRY(key());
  return value();
}

Status Builder::key() {
  if (token() != '"') return fail("a key in quotes was expected");
  PENSTOCK_TRY(string());
  if (token() != ':') return fail("':' was expected");
  token_text();
  at_++;
  return {};
}

Status Builder::open(bool object) {
  if (open_.size() >= limits::json_depth_max) {
    return Status::full("JSON nested deeper than " + std::to_string(limits::json_depth_max));
  }
  open_.push_back({starts_[at_], static_cast<uint32_t>(pending_.size()), object});
  document_->depth = std::max(document_->depth, static_cast<uint32_t>(open_.size()));
  token_text();
  at_++;
  if (token() == (object ? '}' : ']')) return close(token());
  if (object) PENSTOCK_TRY(key());
  return value();
}

Status Builder::close(char bracket) {
  token_text();
  const Open container = open_.back();
  open_.pop_back();
  const uint32_t children = static_cast<uint32_t>(pending_.size()) - container.children;
  const uint32_t first = static_cast<uint32_t>(document_->items.size());
  document_->items.insert(document_->items.end(), pending_.end() - children, pending_.end());
  pending_.resize(container.children);
  const bool object = bracket == '}';
  add(object ? Item::kObject : Item::kArray, container.begin, starts_[at_] + 1 - container.begin);
  pending_.back().first = first;
  pending_.back().count = (object ? children / 2 : children) & 0x0fffffff;
  at_++;
  return {};
}

Status Builder::string() {
  const std::string_view quoted = token_text();
  if (quoted.size() < 2 || quoted.back() != '"') return fail("a string without its end");
  const std::string_view inside = quoted.substr(1, quoted.size() - 2);
  if (escapes_ && inside.find('\\') != inside.npos) {
    const size_t begin = document_->unescaped.size();
    if (!unescape(inside, document_->unescaped)) return fail("a wrong escape in a string");
    add(Item::kEscaped, static_cast<uint32_t>(begin), document_->unescaped.size() - begin);
  } else {
    add(Item::kString, starts_[at_] + 1, inside.size());
  }
  at_++;
  return {};
}

Status Builder::number() {
  const std::string_view text = token_text();
  if (!is_number_text(text)) return fail("a malformed number");
  add(Item::kNumber, starts_[at_], text.size());
  at_++;
  return {};
}

Status Builder::atom(std::string_view word, Item::Type type) {
  if (token_text() != word) return fail("a value was expected");
  add(type, starts_[at_], word.size());
  at_++;
  return {};
}

}  // namespace penstock::json
