#include "executor/definition/source_map.h"

namespace penstock::definition {
namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

// Takes the first token off a pointer, unescaped.
std::string take_token(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const size_t slash = pointer.find('/');
  const std::string_view raw = pointer.substr(0, slash);
  pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
  std::string token;
  for (size_t i = 0; i < raw.size(); i++) {
    const bool escaped = raw[i] == '~' && i + 1 < raw.size();
    token += !escaped ? raw[i] : raw[++i] == '1' ? '/' : '~';
  }
  return token;
}

}  // namespace

void SourceMap::open(std::string key, Position key_at, Position value_at) {
  open_.push_back(static_cast<uint32_t>(nodes_.size()));
  nodes_.push_back({std::move(key), key_at, value_at, 0});
}

void SourceMap::close() {
  nodes_[open_.back()].end = static_cast<uint32_t>(nodes_.size());
  open_.pop_back();
}

size_t SourceMap::child(size_t parent, std::string_view token) const {
  size_t index = 0;
  for (size_t at = parent + 1; at < nodes_[parent].end; at = nodes_[at].end, index++) {
    const bool item = nodes_[at].key_at.line == 0;
    if (item ? token == std::to_string(index) : token == nodes_[at].key) return at;
  }
  return kNone;
}

size_t SourceMap::locate(std::string_view pointer) const {
  if (nodes_.empty()) return kNone;
  size_t at = 0;
  while (!pointer.empty() && pointer[0] == '/') {
    const size_t next = child(at, take_token(pointer));
    if (next == kNone) break;
    at = next;
  }
  return at;
}

Position SourceMap::value_at(std::string_view pointer) const {
  const size_t at = locate(pointer);
  return at == kNone ? Position{} : nodes_[at].value_at;
}

Position SourceMap::key_at(std::string_view pointer) const {
  const size_t at = locate(pointer);
  if (at == kNone) return {};
  return nodes_[at].key_at.line == 0 ? nodes_[at].value_at : nodes_[at].key_at;
}

std::string child_pointer(std::string_view pointer, std::string_view key) {
  std::string out(pointer);
  out += '/';
  for (const char c : key) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string child_pointer(std::string_view pointer, size_t index) {
  return std::string(pointer) + "/" + std::to_string(index);
}

}  // namespace penstock::definition
