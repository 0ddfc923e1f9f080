// A JSON value with expressions in it: what stands behind `set`, `with`, `input.from` and so on.
// Parts without expressions are shared, not rebuilt. Immutable, shared by all runs.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "executor/flow/expression.h"
#include "executor/json/value.h"
#include "proto/status.h"

namespace penstock::flow {

class Template {
 public:
  /// Null.
  Template() = default;
  /// Texts that are one `${ … }` are expressions, in objects and arrays too; the rest is literal.
  static Result<Template> compile(const json::Value& value, const LocalNames& locals);
  /// The same, but a bare text is an expression even without `${ }`: input.from, output.as, …
  static Result<Template> field(const json::Value& value, const LocalNames& locals);

  Result<json::Value> evaluate(const json::Value& dot, const Scope& scope) const;
  /// The value when no expression is in it; else null.
  const json::Value* literal() const { return std::get_if<json::Value>(&form_); }

 private:
  struct Array {
    std::vector<Template> elements;
  };
  struct Object {
    std::vector<std::pair<json::Value, Template>> members;
  };
  static Result<Template> compile_array(const json::Value& value, const LocalNames& locals);
  static Result<Template> compile_object(const json::Value& value, const LocalNames& locals);
  Result<json::Value> evaluate_array(const Array& array, const json::Value& dot,
                                     const Scope& scope) const;
  Result<json::Value> evaluate_object(const Object& object, const json::Value& dot,
                                      const Scope& scope) const;

  std::variant<json::Value, Expression, Array, Object> form_;
};

}  // namespace penstock::flow
