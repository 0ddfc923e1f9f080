// Names of what is declared in `use`, wherever a definition uses them.
#include <algorithm>
#include <array>
#include <string>

#include "executor/lint/declared.h"
#include "executor/lint/meaning.h"
#include "executor/lint/rules.h"
#include "executor/lint/shape.h"
#include "executor/lint/suggestion.h"
#include "executor/lint/walk.h"

namespace penstock::lint {
namespace {

constexpr std::string_view kDefaultCatalog = "default";
constexpr std::array<std::string_view, 1> kDefaultFunctions{"chat:1.0.0"};
// Members that hold data, not definition: what they say of authentication is nobody's reference.
constexpr std::array<std::string_view, 11> kData{"body",  "set",     "parameters", "arguments",
                                                 "query", "headers", "message",    "metadata",
                                                 "tags",  "data",    "environment"};
constexpr std::array<std::string_view, 5> kPolicies{"basic", "bearer", "digest", "oauth2", "oidc"};

template <size_t N>
bool holds(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class ReferenceRules : public TaskVisitor {
 public:
  ReferenceRules(Findings& findings, const Declared& declared)
      : findings_(findings), declared_(declared) {}

  void task(const Node& task, const Scope*) override {
    call(task);
    if (const auto raise = child(task, "raise")) {
      named(*raise, "error", declared_.errors, "errors");
    }
    if (const auto caught = child(task, "catch")) {
      named(*caught, "retry", declared_.retries, "retries");
    }
    timeout(task);
  }
  void timeout(const Node& holder) { named(holder, "timeout", declared_.timeouts, "timeouts"); }
  // Looks for `authentication` anywhere in the definition's own structure.
  void authentications(const Node& node) {
    for (const Node& member : children(node)) {
      if (node.value().is_object() && holds(kData, member.name())) continue;
      if (node.value().is_object() && member.name() == "authentication") policy_or_name(member);
      if (node.value().is_object() && member.name() == "authentications") {
        for (const Node& policy : children(member)) secret_of(policy);
        continue;
      }
      authentications(member);
    }
  }

 private:
  void named(const Node& holder, std::string_view key, const std::vector<std::string_view>& names,
             std::string_view part) {
    const auto name = child(holder, key);
    if (!name || !name->value().is_string()) return;
    expect_declared(findings_, *name, name->value().as_string(), names, part);
  }
  void policy_or_name(const Node& authentication) {
    if (!authentication.value().is_object()) return;
    named(authentication, "use", declared_.authentications, "authentications");
    secret_of(authentication);
  }
  void secret_of(const Node& policy) {
    for (const Node& way : children(policy)) {
      if (holds(kPolicies, way.name())) named(way, "use", declared_.secrets, "secrets");
    }
  }
  void call(const Node& task) {
    const auto function = child(task, "call");
    if (!function || !function->value().is_string()) return;
    const std::string_view name = function->value().as_string();
    if (needs_call_arguments(name) || name.find("://") != std::string_view::npos) return;
    const size_t at = name.rfind('@');
    if (at != std::string_view::npos) return cataloged(*function, name, at);
    const auto& known = declared_.functions;
    if (findings_.full() || std::binary_search(known.begin(), known.end(), name)) return;
    unknown_function(*function, name);
  }
  void cataloged(const Node& function, std::string_view name, size_t at) {
    const std::string_view catalog = name.substr(at + 1);
    if (catalog != kDefaultCatalog) {
      return expect_declared(findings_, function, catalog, declared_.catalogs, "catalogs");
    }
    if (holds(kDefaultFunctions, name.substr(0, at))) return;
    const std::string_view meant = suggest(name.substr(0, at), kDefaultFunctions);
    findings_.warning(code::kReference, function, At::kValue,
                      "the default catalog has no " + quoted(name.substr(0, at)) + " here",
                      meant.empty()
                          ? std::string()
                          : "did you mean " + quoted(std::string(meant) + "@default") + "?");
  }
  void unknown_function(const Node& function, std::string_view name) {
    std::vector<std::string_view> known{"http", "openapi", "grpc", "a2a", "mcp"};
    known.insert(known.end(), declared_.functions.begin(), declared_.functions.end());
    const std::string_view meant = suggest(name, known);
    std::string hint = "declare it in use.functions, or name its catalog (name:version@catalog)";
    if (!meant.empty()) hint = "did you mean " + quoted(meant) + "?";
    if (name == "chat") hint = "did you mean \"chat:1.0.0@default\"?";
    findings_.error(code::kReference, function, At::kValue,
                    quoted(name) + " is not in use.functions", std::move(hint));
  }

  Findings& findings_;
  const Declared& declared_;
};

}  // namespace

void check_references(Findings& findings, const Node& root) {
  const Declared declared = declared_in(root);
  ReferenceRules rules(findings, declared);
  walk_tasks(root, rules);
  rules.timeout(root);
  rules.authentications(root);
}

}  // namespace penstock::lint
