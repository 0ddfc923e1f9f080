// An OpenAPI document (3.x) or its forerunner Swagger 2.0, as far as a call needs it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "executor/json/value.h"
#include "executor/tasks/http_message.h"
#include "proto/status.h"

namespace penstock::executor {

class OpenApiDocument {
 public:
  /// `url` is where it came from: servers may be relative to it.
  OpenApiDocument(json::Value document, std::string url)
      : document_(std::move(document)), url_(std::move(url)) {}

  /// JSON or YAML text as a document's value.
  static Result<json::Value> parse(std::string_view text);

  /// The request for an operation with its parameters put in. kNotFound: no such operation;
  /// kInvalid: a required parameter is missing.
  Result<HttpRequest> request(std::string_view operation_id, const json::Value& parameters) const;

 private:
  struct Operation {
    std::string method, path;
    json::Value item, definition;  ///< of the path, of the method
  };
  std::optional<Operation> find(std::string_view operation_id) const;
  json::Value resolved(const json::Value& value) const;
  std::string server(const Operation& operation) const;
  Status put(HttpRequest& request, std::string& path, const json::Value& definition,
             const json::Value& value, json::Value& form) const;
  void put_rest(HttpRequest& request, const Operation& operation, const json::Value& parameters,
                const json::Value& declared) const;

  json::Value document_;
  std::string url_;
};

}  // namespace penstock::executor
