#include "executor/tasks/uri_template.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "executor/tasks/encoding.h"

namespace penstock::executor {
namespace {

struct Hole {
  char kind = 0;  // 0, '+', '?' or '&'
  std::vector<std::string_view> names;
};

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == '.' || c >= 0x80;
  });
}

// What stands between two braces; no names: it is no hole.
Hole hole_of(std::string_view inside) {
  Hole hole;
  if (!inside.empty() && (inside[0] == '+' || inside[0] == '?' || inside[0] == '&')) {
    hole.kind = inside[0];
    inside.remove_prefix(1);
  }
  while (!inside.empty()) {
    const size_t comma = std::min(inside.find(','), inside.size());
    const std::string_view name = inside.substr(0, comma);
    if (!is_name(name)) return {};
    hole.names.push_back(name);
    inside.remove_prefix(std::min(comma + 1, inside.size()));
  }
  return hole;
}

void fill(const Hole& hole, const json::Value& variables, std::string& out) {
  const bool query = hole.kind == '?' || hole.kind == '&';
  char separator = hole.kind;
  for (const std::string_view name : hole.names) {
    const json::Value value = variables.get(name);
    if (value.is_null()) continue;
    if (query) {
      out += separator;
      out += percent_encoded(name) + "=";
    } else if (name.data() != hole.names.front().data()) {
      out += ',';
    }
    separator = '&';
    out += percent_encoded(plain_text(value), hole.kind == '+');
  }
}

}  // namespace

std::string expanded(std::string_view uri, const json::Value& variables) {
  std::string out;
  while (!uri.empty()) {
    const size_t open = uri.find('{');
    const size_t close = open == uri.npos ? uri.npos : uri.find('}', open);
    out += uri.substr(0, close == uri.npos ? uri.size() : open);
    if (close == uri.npos) break;
    const Hole hole = hole_of(uri.substr(open + 1, close - open - 1));
    if (hole.names.empty()) {
      out += uri.substr(open, close - open + 1);
    } else {
      fill(hole, variables, out);
    }
    uri.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace penstock::executor
