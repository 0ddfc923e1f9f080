#include "executor/definition/expression.h"
#include "executor/flow/compiler.h"

namespace penstock::flow {

void Compiler::fail(const std::string& pointer, const std::string& message) {
  if (status_.ok()) status_ = Status::invalid(pointer + ": " + message);
}

void Compiler::refuse(const std::string& pointer, const std::string& message) {
  if (status_.ok()) status_ = Status::unsupported(pointer + ": " + message);
}

uint32_t Compiler::declare(std::initializer_list<std::string> names) {
  const auto slot = static_cast<uint32_t>(locals_.size());
  locals_.insert(locals_.end(), names.begin(), names.end());
  return slot;
}

void Compiler::forget(size_t count) {
  locals_.resize(locals_.size() - count);
}

std::optional<Expression> Compiler::expression(const json::Value& text,
                                               const std::string& pointer) {
  if (!text.is_string()) return std::nullopt;
  Result<Expression> made =
      Expression::compile(definition::expression_field(text.as_string()), locals_);
  if (made) return std::move(*made);
  fail(pointer, made.status().message());
  return std::nullopt;
}

Template Compiler::value(const json::Value& value, const std::string& pointer) {
  Result<Template> made = Template::compile(value, locals_);
  if (made) return std::move(*made);
  fail(pointer, made.status().message());
  return Template();
}

Template Compiler::field(const json::Value& value, const std::string& pointer) {
  Result<Template> made = Template::field(value, locals_);
  if (made) return std::move(*made);
  fail(pointer, made.status().message());
  return Template();
}

std::optional<Duration> Compiler::duration(const json::Value& definition,
                                           const std::string& pointer) {
  if (definition.is_null()) return std::nullopt;
  Duration made;
  const Template parts = value(definition, pointer);
  if (!parts.literal()) {
    made.computed = parts;
    return made;
  }
  Result<uint64_t> ms = Duration::of(definition);
  if (!ms) {
    fail(pointer, ms.status().message());
    return std::nullopt;
  }
  made.ms = *ms;
  return made;
}

std::optional<Duration> Compiler::timeout(json::Value definition, const std::string& pointer) {
  definition = used("timeouts", definition, pointer);
  return duration(definition.get("after"), pointer + "/after");
}

json::Value Compiler::used(std::string_view kind, const json::Value& definition,
                           const std::string& pointer) {
  if (!definition.is_string()) return definition;
  const std::optional<json::Value> found =
      definition_.get("use").get(kind).find(definition.as_string());
  if (found) return *found;
  fail(pointer,
       "there is no '" + std::string(definition.as_string()) + "' under use." + std::string(kind));
  return json::Value();
}

}  // namespace penstock::flow
