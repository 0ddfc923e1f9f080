#include "executor/flow/template.h"

#include <algorithm>

#include "executor/definition/expression.h"

namespace penstock::flow {

Result<Template> Template::compile(const json::Value& value, const LocalNames& locals) {
  if (value.is_array()) return compile_array(value, locals);
  if (value.is_object()) return compile_object(value, locals);
  Template made;
  made.form_ = value;
  if (!value.is_string()) return made;
  const auto jq = definition::expression_of(value.as_string());
  if (!jq) return made;
  Result<Expression> expression = Expression::compile(*jq, locals);
  if (!expression) return expression.status();
  made.form_ = std::move(*expression);
  return made;
}

Result<Template> Template::field(const json::Value& value, const LocalNames& locals) {
  if (!value.is_string()) return compile(value, locals);
  Result<Expression> expression =
      Expression::compile(definition::expression_field(value.as_string()), locals);
  if (!expression) return expression.status();
  Template made;
  made.form_ = std::move(*expression);
  return made;
}

Result<Template> Template::compile_array(const json::Value& value, const LocalNames& locals) {
  Array array;
  bool literal = true;
  for (size_t i = 0; i < value.size(); i++) {
    Result<Template> element = compile(value.at(i), locals);
    if (!element) return element.status();
    literal = literal && element->literal();
    array.elements.push_back(std::move(*element));
  }
  Template made;
  if (literal) {
    made.form_ = value;
  } else {
    made.form_ = std::move(array);
  }
  return made;
}

Result<Template> Template::compile_object(const json::Value& value, const LocalNames& locals) {
  Object object;
  bool literal = true;
  for (size_t i = 0; i < value.size(); i++) {
    json::Member member = value.member(i);
    Result<Template> part = compile(member.value, locals);
    if (!part) return part.status();
    literal = literal && part->literal();
    object.members.emplace_back(std::move(member.key), std::move(*part));
  }
  Template made;
  if (literal) {
    made.form_ = value;
  } else {
    made.form_ = std::move(object);
  }
  return made;
}

Result<json::Value> Template::evaluate(const json::Value& dot, const Scope& scope) const {
  if (const auto* value = std::get_if<json::Value>(&form_)) return *value;
  if (const auto* expression = std::get_if<Expression>(&form_)) {
    return expression->evaluate(dot, scope);
  }
  if (const auto* array = std::get_if<Array>(&form_)) return evaluate_array(*array, dot, scope);
  return evaluate_object(std::get<Object>(form_), dot, scope);
}

Result<json::Value> Template::evaluate_array(const Array& array, const json::Value& dot,
                                             const Scope& scope) const {
  json::Value made = json::Value::array();
  made.reserve(array.elements.size());
  for (const Template& element : array.elements) {
    Result<json::Value> value = element.evaluate(dot, scope);
    if (!value) return value;
    made.push_back(std::move(*value));
  }
  return made;
}

Result<json::Value> Template::evaluate_object(const Object& object, const json::Value& dot,
                                              const Scope& scope) const {
  json::Value made = json::Value::object();
  made.reserve(object.members.size());
  for (const auto& [key, part] : object.members) {
    Result<json::Value> value = part.evaluate(dot, scope);
    if (!value) return value;
    made.set_key(key, std::move(*value));
  }
  return made;
}

}  // namespace penstock::flow
