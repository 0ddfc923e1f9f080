// Judges one string of a definition as an expression, or as data that might have been meant as one.
// Made for one lint; one thread. The findings and the names must outlive it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/lint/findings.h"
#include "executor/lint/node.h"
#include "executor/lint/walk.h"

namespace penstock::lint {

class ExpressionCheck {
 public:
  ExpressionCheck(Findings& findings, const std::vector<std::string_view>& secrets)
      : findings_(findings), secrets_(secrets) {}

  /// A field that is always an expression; passes over what is no string.
  void field(const Node& node, const Scope* scope);
  /// Data of any shape, in which each string may be one expression as a whole.
  void data(const Node& node, const Scope* scope);
  /// Text that has `${…}` of its own (a shell command): an expression only as a whole.
  void foreign_text(const Node& node, const Scope* scope);

 private:
  void text(const Node& node, const Scope* scope);
  void compile(const Node& node, std::string_view program, const Scope* scope);
  void report(const Node& node, std::string_view program, const std::string& complaint);
  void secrets_in(const Node& node, std::string_view program);
  void warn_of_lookalike(const Node& node, std::string_view text, const Scope* scope);

  Findings& findings_;
  const std::vector<std::string_view>& secrets_;
};

}  // namespace penstock::lint
