#include "gateway/app/sample_fields.h"

#include <simdjson.h>

#include <unordered_map>

#include "gateway/app/json_text.h"
#include "proto/limits.h"

namespace penstock::gateway {
namespace {

namespace dom = simdjson::dom;
constexpr size_t example_bytes_max = 120;
constexpr size_t path_bytes_max = 512;
constexpr int depth_max = 32;

bool is_plain_key(std::string_view key) {
  for (const char c : key)
    if (!isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  return !key.empty() && !isdigit(static_cast<unsigned char>(key.front()));
}

std::string step_of(std::string_view key) {
  if (is_plain_key(key)) return "." + std::string(key);
  std::string quoted = ".";
  append_json_string(quoted, key);
  return quoted;
}

const char* type_of(dom::element value) {
  switch (value.type()) {
    case dom::element_type::ARRAY:
      return "array";
    case dom::element_type::OBJECT:
      return "object";
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
      return "integer";
    case dom::element_type::DOUBLE:
      return "number";
    case dom::element_type::STRING:
      return "string";
    case dom::element_type::BOOL:
      return "boolean";
    default:
      return "null";
  }
}

/// A scalar as JSON; a long text is cut at a whole character.
std::string example_of(dom::element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return simdjson::minify(value);
  std::string out;
  if (text.size() <= example_bytes_max) return append_json_string(out, text), out;
  size_t end = example_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) end--;
  append_json_string(out, std::string(text.substr(0, end)) + "…");
  return out;
}

class Walk {
 public:
  void body(dom::element root) {
    number_++;
    visit("", root, 0);
  }
  FieldList take() { return std::move(list_); }
  void cut() { list_.cut = true; }

 private:
  void note(const std::string& path, dom::element value) {
    auto [at, fresh] = index_.try_emplace(path, list_.fields.size());
    if (fresh) {
      if (list_.fields.size() >= limits::sample_fields_max) {
        index_.erase(at);
        list_.cut = true;
        return;
      }
      list_.fields.push_back({path, "", "", 0});
      seen_in_.push_back(0);
    }
    Field& field = list_.fields[at->second];
    if (seen_in_[at->second] != number_) field.count++;
    seen_in_[at->second] = number_;
    const std::string type = type_of(value);
    if (("|" + field.type + "|").find("|" + type + "|") == std::string::npos)
      field.type += (field.type.empty() ? "" : "|") + type;
    const bool scalar = !value.is_array() && !value.is_object();
    if (scalar && (field.example.empty() || field.example == "null"))
      field.example = example_of(value);
  }

  void visit(const std::string& path, dom::element value, int depth) {
    if (++nodes_ > limits::sample_nodes_max || depth > depth_max || path.size() > path_bytes_max)
      return cut();
    if (depth > 0 || (!value.is_object() && !value.is_array()))
      note(path.empty() ? "." : path, value);
    dom::object object;
    dom::array array;
    if (value.get(object) == simdjson::SUCCESS) {
      for (const auto member : object) visit(path + step_of(member.key), member.value, depth + 1);
    } else if (value.get(array) == simdjson::SUCCESS) {
      const std::string below = (path.empty() ? "." : path) + "[]";
      for (const dom::element item : array) visit(below, item, depth + 1);
    }
  }

  FieldList list_;
  std::unordered_map<std::string, size_t> index_;
  std::vector<size_t> seen_in_;  // by field: the last body that had it
  size_t number_ = 0, nodes_ = 0;
};

}  // namespace

FieldList fields_of(const std::vector<std::string_view>& bodies) {
  Walk walk;
  dom::parser parser;
  for (const std::string_view body : bodies) {
    dom::element root;
    // Numbers beyond 64 bits are JSON that this parser does not read: such a body tells nothing.
    if (parser.parse(body.data(), body.size()).get(root) == simdjson::SUCCESS)
      walk.body(root);
    else
      walk.cut();
  }
  return walk.take();
}

}  // namespace penstock::gateway
