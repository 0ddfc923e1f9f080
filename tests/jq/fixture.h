// The small language of these tests: a program, an input, what comes out.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "executor/jq/jq.h"
#include "executor/json/parse.h"

namespace penstock::jq {

/// Every output on a line of its own; an error as a last line "error: …".
inline std::string outputs(std::string_view program, std::string_view input = "null",
                           const Options& options = {}) {
  const auto compiled = compile(program);
  if (!compiled) return "does not compile: " + compiled.status().message();
  const auto value = json::parse(input);
  REQUIRE_MESSAGE(value.ok(), std::string(input));
  const Outcome outcome = run(**compiled, *value, {}, options);
  std::string text;
  for (const json::Value& output : outcome.outputs) {
    if (!text.empty()) text += '\n';
    text += output.dump();
  }
  if (!outcome.error) return text;
  if (!text.empty()) text += '\n';
  return text + "error: " + outcome.error->message();
}

inline void gives(std::string_view program, std::string_view input, std::string_view wanted) {
  CHECK_MESSAGE(outputs(program, input) == wanted, std::string(program), " <- ",
                std::string(input));
}

inline void gives(std::string_view program, std::string_view wanted) {
  gives(program, "null", wanted);
}

}  // namespace penstock::jq
