// Answers of the server as the commands read them, and the small objects they send. A missing
// member, or one of another kind, reads as empty: commands show what is there.
//
// Immutable once parsed; views point into their document. Limitations: for reading and tables;
// `--json` prints the server's own bytes.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/status.h"

namespace penstock::gateway {

/// One value inside a document.
class JsonView {
 public:
  explicit JsonView(const nlohmann::ordered_json* value = nullptr) : value_(value) {}

  /// There is such a value and it is not null.
  bool exists() const;
  bool is_object() const;
  bool is_text() const;
  JsonView operator[](std::string_view member) const;
  /// An array's items.
  std::vector<JsonView> items() const;
  /// An object's members in order.
  std::vector<std::pair<std::string, JsonView>> members() const;
  /// A string as it is, anything else as compact JSON, null and missing as "".
  std::string text() const;
  bool is_true() const;
  uint64_t number() const;
  /// JSON text; `indent` below 0 for one line.
  std::string dump(int indent = -1) const;

 private:
  const nlohmann::ordered_json* value_;
};

class JsonDocument {
 public:
  /// Fault: kInvalid when it is not JSON.
  static Result<JsonDocument> parse(std::string_view text);
  JsonView root() const { return JsonView(value_.get()); }

 private:
  std::shared_ptr<const nlohmann::ordered_json> value_;
};

/// Builds one JSON object, member by member.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value);
  JsonObject& number(std::string_view name, uint64_t value);
  JsonObject& boolean(std::string_view name, bool value);
  /// `json` is JSON text already.
  JsonObject& raw(std::string_view name, std::string_view json);
  std::string str() const { return body_.empty() ? "{}" : body_ + "}"; }

 private:
  void name(std::string_view name);
  std::string body_;
};

}  // namespace penstock::gateway
