#include "generator.h"

#include <algorithm>

namespace penstock::jq::fuzz {
namespace {

constexpr std::string_view keys[] = {"a", "b", "c", "d", "key", "name", "value"};
constexpr std::string_view numbers[] = {"0",   "1",   "2",     "3",   "-1", "10",
                                        "0.5", "1.5", "-2.25", "100", "7",  "1000000"};
constexpr std::string_view strings[] = {"",    "a",  "b",    "abc",  "a,b",   "A1",
                                        "x y", "12", "-3.5", "null", "a\\nb", "<&'>"};
constexpr std::string_view infixes[] = {
    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "//"};
constexpr std::string_view updates[] = {"=", "|=", "+=", "-=", "*=", "//="};

// What takes nothing but its input.
constexpr std::string_view plain_calls[] = {"length",
                                            "keys",
                                            "keys_unsorted",
                                            "add",
                                            "any",
                                            "all",
                                            "flatten",
                                            "floor",
                                            "sqrt",
                                            "not",
                                            "type",
                                            "sort",
                                            "unique",
                                            "reverse",
                                            "tostring",
                                            "tonumber",
                                            "tojson",
                                            "min",
                                            "max",
                                            "to_entries",
                                            "ascii_downcase",
                                            "ascii_upcase",
                                            "explode",
                                            "[implode?]",
                                            "values",
                                            "nulls",
                                            "scalars",
                                            "arrays",
                                            "objects",
                                            "iterables",
                                            "booleans",
                                            "numbers",
                                            "strings",
                                            "first",
                                            "last",
                                            "numbers|isnan",
                                            "infinite",
                                            "nan",
                                            "isinfinite",
                                            "isnormal",
                                            "utf8bytelength",
                                            "paths",
                                            "leaf_paths",
                                            "tostream",
                                            "transpose",
                                            "env|type",
                                            "recurse",
                                            "..",
                                            "fabs",
                                            "round",
                                            "ceil",
                                            "trunc",
                                            "@text",
                                            "@json",
                                            "@html",
                                            "@uri",
                                            "@csv",
                                            "@tsv",
                                            "@sh",
                                            "@base64",
                                            "@base64|@base64d",
                                            "fromjson",
                                            "combinations",
                                            "significand",
                                            "logb",
                                            "exp2",
                                            "frexp",
                                            "modf",
                                            "cbrt"};

// With one expression as their argument.
constexpr std::string_view unary_calls[] = {
    "map",        "select",       "map_values",  "sort_by",  "group_by",
    "unique_by",  "min_by",       "max_by",      "any",      "all",
    "flatten",    "has",          "in",          "inside",   "contains",
    "startswith", "endswith",     "ltrimstr",    "rtrimstr", "split",
    "join",       "path",         "del",         "first",    "last",
    "isempty",    "recurse",      "getpath",     "paths",    "to_entries|map",
    "range",      "with_entries", "walk",        "splits",   "test",
    "index",      "indices",      "nth",         "error",    "tojson|contains",
    "INDEX",      "delpaths",     "combinations"};

constexpr std::string_view binary_calls[] = {"range", "limit", "until", "while", "setpath",
                                             "pow",   "fmin",  "sub",   "gsub",  "nth",
                                             "atan2", "fmod",  "ldexp"};

constexpr std::string_view expressions[] = {
    "a", "[a-c]", "a|b", "(?<x>a)(?<y>b)?", "\\\\d+", "^a", "b$", ".", "a+", ","};

std::string join(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

}  // namespace

std::string Generator::program(int depth) {
  variables_ = 0;
  return expression(depth);
}

std::string Generator::key() {
  return std::string(random_.pick(keys));
}

std::string Generator::expression(int depth) {
  if (depth <= 0) return leaf();
  switch (random_.below(12)) {
    case 0:
    case 1:
      return join({term(depth - 1), " | ", expression(depth - 1)});
    case 2:
      return join({term(depth - 1), ", ", term(depth - 1)});
    case 3:
    case 4:
      return join({term(depth - 1), " ", random_.pick(infixes), " ", term(depth - 1)});
    case 5:
      return bound(depth);
    case 6:
      return update(depth);
    case 7:
      return control(depth);
    default:
      return term(depth);
  }
}

std::string Generator::term(int depth) {
  if (depth <= 0) return leaf();
  switch (random_.below(10)) {
    case 0:
    case 1:
      return path(depth);
    case 2:
    case 3:
      return call(depth);
    case 4:
      return constructor(depth);
    case 5:
      return text(depth);
    case 6:
      return loop(depth);
    case 7:
      return join({"(", expression(depth - 1), ")"});
    default:
      return leaf();
  }
}

std::string Generator::leaf() {
  switch (random_.below(9)) {
    case 0:
      return std::string(random_.pick(numbers)).insert(0, 1, '(') + ")";
    case 1:
      return join({"\"", random_.pick(strings), "\""});
    case 2:
      return random_.one_in(2) ? "null" : (random_.one_in(2) ? "true" : "false");
    case 3:
      if (variables_ > 0) return variable();
      return ".";
    case 4:
      return "." + key();
    case 5:
      return ".[]?";
    case 6:
      return "." + key() + "?";
    default:
      return ".";
  }
}

std::string Generator::variable() {
  return "$v" + std::to_string(random_.below(static_cast<size_t>(variables_)));
}

std::string Generator::path(int depth) {
  std::string out = random_.one_in(3) ? join({"(", term(depth - 1), ")"}) : ".";
  const size_t steps = 1 + random_.below(3);
  for (size_t i = 0; i < steps; i++) {
    switch (random_.below(7)) {
      case 0:
        out += "[]";
        break;
      case 1:
        out += "[" + std::to_string(static_cast<int>(random_.below(5)) - 2) + "]";
        break;
      case 2:
        out += join({"[", expression(depth - 2), "]"});
        break;
      case 3:
        out += "[" + std::to_string(random_.below(3)) + ":]";
        break;
      case 4:
        out += "[" + std::to_string(static_cast<int>(random_.below(3)) - 1) + ":" +
               std::to_string(random_.below(4)) + "]";
        break;
      default:
        if (out != ".") out += ".";
        out += key();
    }
    if (random_.one_in(3)) out += "?";
  }
  return out;
}

// The right side always has an output: where it has none, we and jq 1.6 delete differently.
std::string Generator::update(int depth) {
  const std::string_view op = random_.pick(updates);
  std::string target = random_.one_in(3) ? ".[]?" : "." + key() + "?";
  if (random_.one_in(4)) target = path(1);
  const std::string right = op == "|=" ? join({"(([", expression(depth - 2), "]|.[0]))"})
                                       : join({"(", term(depth - 1), ")"});
  return join({"(", target, " ", op, " ", right, ")"});
}

std::string Generator::call(int depth) {
  switch (random_.below(4)) {
    case 0: {
      const std::string_view name = random_.pick(unary_calls);
      const bool regex = name == "test" || name == "splits";
      if (regex) return join({name, "(\"", random_.pick(expressions), "\")"});
      if (name == "range" || name == "combinations") {
        return join({name, "(", std::to_string(random_.below(4)), ")"});
      }
      if (name == "recurse") return "recurse(.[]?)";
      if (name == "any" || name == "all") {
        // A condition with several outputs is on the list of differences.
        return join({name, "([. == ", leaf(), "] | .[0])"});
      }
      if (name == "error") return "error(\"raised\")";
      // Keys that are no strings are on the list, too.
      if (name == "with_entries") return "(objects | with_entries(.value |= [.]))";
      if (name == "flatten") return "flatten(" + std::to_string(random_.below(3)) + ")";
      if (name == "index" || name == "indices" || name == "split") {
        return join({name, "(\"", random_.pick(strings).empty() ? "a" : "b", "\")"});
      }
      // walk with several outputs is on the list; so is a path through `and` and its kin.
      if (name == "walk") return join({"walk([", expression(depth - 1), "] | .[0])"});
      if (name == "path" || name == "del") {
        return join({name, "(.", key(), "?, .[", std::to_string(random_.below(3)), "]?)"});
      }
      return join({name, "(", expression(depth - 1), ")"});
    }
    case 1: {
      const std::string_view name = random_.pick(binary_calls);
      if (name == "sub" || name == "gsub") {
        return join({name, "(\"", random_.pick(expressions), "\"; \"<\\(.x?)>\")"});
      }
      if (name == "until") return "until(true; .)";
      if (name == "while") return "[limit(5; while(. != null; .[0]?))]";
      if (name == "limit" || name == "nth") {
        return join(
            {name, "(", std::to_string(1 + random_.below(3)), "; ", expression(depth - 1), ")"});
      }
      if (name == "range") {
        return "range(" + std::to_string(random_.below(3)) + "; " +
               std::to_string(random_.below(6)) + ")";
      }
      return join({name, "(", expression(depth - 1), "; ", expression(depth - 1), ")"});
    }
    default:
      return std::string(random_.pick(plain_calls)).insert(0, 1, '(') + ")";
  }
}

// `try` stands in brackets, because jq 1.6 also catches what comes after it.
std::string Generator::control(int depth) {
  switch (random_.below(5)) {
    case 0:
      return join({"(if ", expression(depth - 1), " then ", expression(depth - 1), " else ",
                   expression(depth - 1), " end)"});
    case 1:
      return join({"[try (", expression(depth - 1), ") catch \"caught\"]"});
    case 2:
      return join({"[(", expression(depth - 1), ")?]"});
    case 3:
      return join({"(label $out | ", expression(depth - 1), ", break $out, 1)"});
    default:
      return join({"first(", expression(depth - 1), ")"});
  }
}

std::string Generator::constructor(int depth) {
  switch (random_.below(4)) {
    case 0:
      return join({"[", expression(depth - 1), "]"});
    case 1:
      return join({"{", key(), ": (", expression(depth - 1), "), ", key(), ": (",
                   expression(depth - 1), ")}"});
    case 2:
      return join({"{(", expression(depth - 2), " | tostring): ", leaf(), "}"});
    default:
      return join({"{", key(), "}"});
  }
}

std::string Generator::text(int depth) {
  static constexpr std::string_view formats[] = {"",      "@json ",   "@html ",
                                                 "@uri ", "@base64 ", "@text "};
  return join({random_.pick(formats), "\"<\\(", expression(depth - 1), ")-\\(", leaf(), ")>\""});
}

std::string Generator::bound(int depth) {
  const std::string source = join({"(", expression(depth - 1), ")"});
  const std::string name = "$v" + std::to_string(variables_);
  std::string pattern = name;
  if (random_.one_in(4)) pattern = "[" + name + "]";
  if (random_.one_in(4)) pattern = "{" + key() + ": " + name + "}";
  variables_++;
  const std::string body = expression(depth - 1);
  variables_--;
  return join({"(", source, " as ", pattern, " | ", body, ")"});
}

std::string Generator::loop(int depth) {
  const std::string source = random_.one_in(2) ? ".[]?" : join({"(", expression(depth - 2), ")"});
  const std::string name = "$v" + std::to_string(variables_++);
  const std::string start = leaf(), update = join({"[., ", name, "] | ", expression(depth - 2)});
  variables_--;
  if (random_.one_in(2))
    return join({"(reduce ", source, " as ", name, " (null; [", update, "]))"});
  return join({"[foreach ", source, " as ", name, " (0; [", update, "] | .[0:3]; .)]"});
}

std::string Generator::input(int depth) {
  switch (random_.below(depth > 0 ? 9 : 5)) {
    case 0:
      return random_.one_in(2) ? "null" : (random_.one_in(2) ? "true" : "false");
    case 1:
    case 2:
      return std::string(random_.pick(numbers));
    case 3:
    case 4:
      return join({"\"", random_.pick(strings), "\""});
    case 5:
    case 6: {
      std::string out = "[";
      for (size_t i = random_.below(4); i > 0; i--) out += input(depth - 1) + (i > 1 ? "," : "");
      return out + "]";
    }
    default: {
      std::string out = "{";
      for (size_t i = random_.below(4); i > 0; i--) {
        out += join({"\"", key(), "\":", input(depth - 1), i > 1 ? "," : ""});
      }
      return out + "}";
    }
  }
}

}  // namespace penstock::jq::fuzz
