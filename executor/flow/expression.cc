#include "executor/flow/expression.h"

#include <algorithm>
#include <array>

namespace penstock::flow {
namespace {

constexpr std::array<std::string_view, static_cast<size_t>(Global::kCount_)> kGlobals = {
    "context", "input", "output", "task", "workflow", "runtime", "secrets", "authorization"};

bool is_name(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether "$name" stands in the text; in a jq string or comment too, which does no harm.
bool mentions(std::string_view jq, std::string_view name) {
  for (size_t at = jq.find('$'); at != jq.npos; at = jq.find('$', at + 1)) {
    const std::string_view rest = jq.substr(at + 1);
    if (rest.starts_with(name) && (rest.size() == name.size() || !is_name(rest[name.size()]))) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<Expression> Expression::compile(std::string_view jq, const LocalNames& locals) {
  Expression made;
  std::vector<std::string> names;
  for (size_t slot = locals.size(); slot-- > 0;) {
    const bool hidden = std::find(names.begin(), names.end(), locals[slot]) != names.end();
    if (hidden || !mentions(jq, locals[slot])) continue;
    names.push_back(locals[slot]);
    made.variables_.push_back({false, static_cast<uint32_t>(slot)});
  }
  for (uint32_t i = 0; i < kGlobals.size(); i++) {
    const bool hidden = std::find(names.begin(), names.end(), kGlobals[i]) != names.end();
    if (hidden || !mentions(jq, kGlobals[i])) continue;
    names.emplace_back(kGlobals[i]);
    made.variables_.push_back({true, i});
  }
  Result<jq::ProgramPtr> program = jq::compile(jq, names);
  if (!program) return program.status();
  made.program_ = std::move(*program);
  return made;
}

Result<json::Value> Expression::evaluate(const json::Value& dot, const Scope& scope) const {
  std::vector<json::Value> values;
  values.reserve(variables_.size());
  for (const Variable& variable : variables_) {
    values.push_back(variable.is_global ? scope.global(static_cast<Global>(variable.index))
                                        : scope.local(variable.index));
  }
  jq::Options options;
  options.now_s = static_cast<double>(scope.now_ms()) / 1000;
  return scope.runner().first(*program_, dot, values, options);
}

}  // namespace penstock::flow
