#include "executor/definition/definition.h"

#include "executor/definition/json_reader.h"
#include "executor/json/parse.h"
#include "executor/json/utf8.h"
#include "proto/limits.h"

namespace penstock::definition {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Status complain(Complaint& complaint, Position at, std::string message) {
  complaint = {at, message, {}};
  return Status::invalid(std::move(message));
}

Position position_of(std::string_view source, size_t offset) {
  Position at{1, 1};
  for (const char c : source.substr(0, offset)) {
    at = c == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
  }
  return at;
}

// The offset of the first byte that is not part of UTF-8 text.
size_t find_invalid_utf8(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t before = rest.size();
    const uint32_t c = json::next_code_point(rest);
    const bool damaged = c == json::replacement_code_point && before - rest.size() == 1;
    if (damaged || c == 0) return text.size() - before;
  }
  return std::string_view::npos;
}

Status check_text(std::string_view source, Complaint& complaint) {
  if (source.size() > limits::workflow_bytes_max) {
    return complain(complaint, {},
                    "the definition has " + std::to_string(source.size()) + " bytes, more than " +
                        std::to_string(limits::workflow_bytes_max));
  }
  const size_t bad = find_invalid_utf8(source);
  if (bad == std::string_view::npos) return {};
  return complain(complaint, position_of(source, bad), "this is not UTF-8 text");
}

bool looks_like_json(std::string_view source) {
  const size_t first = source.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && source[first] == '{';
}

// JSON goes to the JSON reader. What begins like JSON and is not may still be YAML's flow style;
// is it neither, then the JSON reader's complaint is the one that helps.
Status read(std::string_view source, TextBuilder& builder, Complaint& complaint) {
  if (!looks_like_json(source)) return read_yaml(source, builder, complaint);
  Status as_json = read_json(source, builder, complaint);
  if (as_json.ok() || as_json.fault() == Fault::kFull) return as_json;
  Complaint ignored;
  builder = TextBuilder();
  return read_yaml(source, builder, ignored).ok() ? Status() : as_json;
}

}  // namespace

std::string_view Definition::document(std::string_view key) const {
  return root.get("document").get(key).as_string();
}

Result<Definition> load(std::string_view source, Complaint& complaint) {
  if (source.starts_with(kByteOrderMark)) source.remove_prefix(kByteOrderMark.size());
  PENSTOCK_TRY(check_text(source, complaint));
  TextBuilder builder;
  PENSTOCK_TRY(read(source, builder, complaint));
  if (!builder.complete()) return complain(complaint, {1, 1}, "nothing is here");
  Result<json::Value> root = json::parse(builder.text());
  if (!root.ok()) return complain(complaint, {}, root.status().message());
  return Definition{std::move(*root), builder.take_map()};
}

Result<Definition> load(std::string_view source) {
  Complaint complaint;
  Result<Definition> loaded = load(source, complaint);
  if (loaded.ok() || complaint.at.line == 0) return loaded;
  return Status(loaded.status().fault(), std::to_string(complaint.at.line) + ":" +
                                             std::to_string(complaint.at.column) + ": " +
                                             complaint.message);
}

}  // namespace penstock::definition
