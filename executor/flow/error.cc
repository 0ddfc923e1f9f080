#include "executor/flow/error.h"

#include <array>

namespace penstock::flow {
namespace {

constexpr std::string_view kTypeBase = "https://open-workflow-specification.org/spec/1.0.0/errors/";

struct KindFacts {
  std::string_view segment;
  uint32_t status;
  std::string_view title;
};

constexpr std::array<KindFacts, 8> kFacts = {{
    {"configuration", 400, "Configuration error"},
    {"validation", 400, "Validation error"},
    {"expression", 400, "Expression error"},
    {"authentication", 401, "Authentication error"},
    {"authorization", 403, "Authorization error"},
    {"timeout", 408, "Timeout"},
    {"communication", 500, "Communication error"},
    {"runtime", 500, "Runtime error"},
}};

std::string_view last_segment(std::string_view type) {
  while (type.ends_with('/')) type.remove_suffix(1);
  const size_t slash = type.rfind('/');
  return slash == type.npos ? type : type.substr(slash + 1);
}

// An address of the specification's own errors, on either of its hosts.
bool is_standard(std::string_view type) {
  return type.find("://open-workflow-specification.org/") != type.npos ||
         type.find("://serverlessworkflow.io/") != type.npos;
}

void put_text(json::Value& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.set(key, json::Value::string(text));
}

}  // namespace

Error Error::of(ErrorKind kind, std::string detail) {
  const KindFacts& facts = kFacts[static_cast<size_t>(kind)];
  Error error;
  error.type = std::string(kTypeBase) + std::string(facts.segment);
  error.status = facts.status;
  error.title = facts.title;
  error.detail = std::move(detail);
  error.retryable = kind == ErrorKind::kCommunication || kind == ErrorKind::kTimeout;
  return error;
}

Error Error::answered(uint32_t status, std::string detail) {
  Error error = of(ErrorKind::kCommunication, std::move(detail));
  error.status = status;
  error.retryable = status >= 500 || status == 408 || status == 429;
  return error;
}

Error Error::from(const json::Value& value) {
  Error error;
  error.type = value.get("type").as_string();
  error.status = static_cast<uint32_t>(value.get("status").as_integer().value_or(0));
  error.title = value.get("title").as_string();
  error.detail = value.get("detail").as_string();
  error.instance = value.get("instance").as_string();
  return error;
}

json::Value Error::value() const {
  json::Value object = json::Value::object();
  put_text(object, "type", type);
  object.set("status", json::Value::integer(status));
  put_text(object, "title", title);
  put_text(object, "detail", detail);
  put_text(object, "instance", instance);
  return object;
}

bool same_error_type(std::string_view a, std::string_view b) {
  if (a == b) return true;
  return is_standard(a) && is_standard(b) && last_segment(a) == last_segment(b);
}

}  // namespace penstock::flow
