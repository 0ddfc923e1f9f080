// The small language in which the rules are written: an object is a table of fields, a field is a
// name and the check of its value. Tables are constant; checks are free functions that report to
// Findings and return nothing. Any thread.
#pragma once

#include <span>
#include <string_view>

#include "executor/lint/findings.h"
#include "executor/lint/node.h"

namespace penstock::lint {

using Check = void (*)(Findings&, const Node&);

enum class Need : uint8_t { kOptional, kRequired };

struct Field {
  std::string_view key;
  Check check;
  Need need = Need::kOptional;
};

/// What becomes of members that a shape does not name.
enum class Others : uint8_t {
  kRefused,  ///< an error
  kDoubted,  ///< the schema lets them pass, but nothing reads them: a warning
  kFree,     ///< they mean something to somebody
};

struct Shape {
  std::string_view title;  ///< as in `unknown key "x" in TITLE`
  std::span<const Field> fields;
  Others others = Others::kRefused;
};

/// An object of this shape: every member checked, what is missing or unknown named.
void check_object(Findings& findings, const Node& node, const Shape& shape);

// --- Leaves ---
void check_anything(Findings& findings, const Node& node);
void check_string(Findings& findings, const Node& node);
void check_non_empty_string(Findings& findings, const Node& node);
void check_boolean(Findings& findings, const Node& node);
void check_integer(Findings& findings, const Node& node);
void check_any_object(Findings& findings, const Node& node);
void check_string_map(Findings& findings, const Node& node);
void check_string_list(Findings& findings, const Node& node);

/// One of these words.
void check_word(Findings& findings, const Node& node, std::span<const std::string_view> words);

// --- Type tests that report; each says whether the rules may go on into the value ---
bool expect_object(Findings& findings, const Node& node);
bool expect_array(Findings& findings, const Node& node);
bool expect_string(Findings& findings, const Node& node);

/// Reports that the value is of the wrong type; `wanted` as in "a string or an object".
void report_type(Findings& findings, const Node& node, std::string_view wanted);

/// Applies `check` to each item of an array.
void check_each_item(Findings& findings, const Node& node, Check check);
/// Applies `check` to each member of an object.
void check_each_member(Findings& findings, const Node& node, Check check);

/// Whether the object has this member.
bool has(const Node& node, std::string_view key);
/// `"key"`, shortened where it is long, for messages.
std::string quoted(std::string_view text);

}  // namespace penstock::lint
