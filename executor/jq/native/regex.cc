// Matching: match, test, and the pieces that sub, gsub, split and scan are made of.
#include "executor/jq/regex.h"

#include "executor/jq/native.h"
#include "executor/jq/regex_cache.h"
#include "executor/json/utf8.h"

namespace penstock::jq {
namespace {

using json::Value;

/// A subject and the matches in it, one after the other.
class Matches {
 public:
  Matches(const Regex& regex, std::string_view text) : regex_(regex), text_(text) {}

  /// The next match; empty at the end.
  std::vector<Span> next() {
    while (from_ <= text_.size()) {
      std::vector<Span> spans = regex_.match(text_, from_);
      if (spans.empty()) break;
      const bool empty = spans[0].begin == spans[0].end;
      from_ = spans[0].end;
      if (empty) step();
      if (!regex_.global()) from_ = text_.size() + 1;
      if (!empty || !regex_.skips_empty()) return spans;
    }
    from_ = text_.size() + 1;
    return {};
  }

  /// How many code points lie before a byte; asked in rising order it costs one pass.
  double points(size_t byte) {
    if (byte < counted_) counted_ = points_ = 0;
    points_ += json::count_code_points(text_.substr(counted_, byte - counted_));
    counted_ = byte;
    return static_cast<double>(points_);
  }

 private:
  // Behind an empty match the search goes on one character later.
  void step() {
    from_++;
    while (from_ < text_.size() && (static_cast<unsigned char>(text_[from_]) & 0xC0) == 0x80)
      from_++;
  }

  const Regex& regex_;
  std::string_view text_;
  size_t from_ = 0;
  size_t counted_ = 0;
  size_t points_ = 0;
};

Value string_of(std::string_view text, const Span& span) {
  return span.found ? Value::string(std::string(text.substr(span.begin, span.end - span.begin)))
                    : Value();
}

double length_of(std::string_view text, const Span& span) {
  return static_cast<double>(
      json::count_code_points(text.substr(span.begin, span.end - span.begin)));
}

Value captured(Matches& matches, std::string_view text, const Span& span, const std::string& name) {
  Value out = Value::object();
  out.set("offset", Value::number(span.found ? matches.points(span.begin) : -1));
  if (span.found) {
    out.set("length", Value::number(length_of(text, span)));
    out.set("string", string_of(text, span));
  } else {
    out.set("string", Value());
    out.set("length", Value::number(0));
  }
  out.set("name", name.empty() ? Value() : Value::string(name));
  return out;
}

Value match_object(Matches& matches, const Regex& regex, std::string_view text,
                   const std::vector<Span>& spans) {
  Value out = Value::object();
  out.set("offset", Value::number(matches.points(spans[0].begin)));
  out.set("length", Value::number(length_of(text, spans[0])));
  out.set("string", string_of(text, spans[0]));
  Value captures = Value::array();
  for (size_t i = 1; i < spans.size(); i++) {
    captures.push_back(captured(matches, text, spans[i], regex.names()[i]));
  }
  out.set("captures", std::move(captures));
  return out;
}

/// The regex of a call's arguments: input, pattern, flags (null: none). Nullptr: the call failed.
const Regex* regex_of(Call& call, const Value* args) {
  for (const Value* string : {&args[0], &args[1]}) {
    if (string->is_string()) continue;
    call.fail(describe(*string) + " cannot be matched, as it is not a string");
    return nullptr;
  }
  if (!args[2].is_null() && !args[2].is_string()) {
    call.fail(describe(args[2]) + " is not a string");
    return nullptr;
  }
  const auto regex = call.regexes.find(args[1].as_string(), args[2].as_string());
  if (!regex) {
    call.fail(regex.status().message());
    return nullptr;
  }
  // A large expression may have to be followed in many places at once.
  const uint64_t bytes = args[0].as_string().size();
  if (!call.guard.spend(bytes / 16 * (1 + (*regex)->size() / 64))) return nullptr;
  return *regex;
}

Value match(Call& call, Value* args) {
  const Regex* regex = regex_of(call, args);
  if (regex == nullptr) return {};
  const std::string_view text = args[0].as_string();
  Matches matches(*regex, text);
  Value out = Value::array();
  for (auto spans = matches.next(); !spans.empty(); spans = matches.next()) {
    out.push_back(match_object(matches, *regex, text, spans));
    if (!call.guard.spend(spans.size()) || !call.guard.room_for(0)) return {};
  }
  return out;
}

Value test(Call& call, Value* args) {
  const Regex* regex = regex_of(call, args);
  if (regex == nullptr) return {};
  return Value::boolean(!Matches(*regex, args[0].as_string()).next().empty());
}

Value named_captures(const Regex& regex, std::string_view text, const std::vector<Span>& spans) {
  Value out = Value::object();
  for (size_t i = 1; i < spans.size(); i++)
    if (!regex.names()[i].empty()) out.set(regex.names()[i], string_of(text, spans[i]));
  return out;
}

// [text before the match, its named captures] for each match, and at last the rest alone.
Value pieces(Call& call, Value* args) {
  const Regex* regex = regex_of(call, args);
  if (regex == nullptr) return {};
  const std::string_view text = args[0].as_string();
  Matches matches(*regex, text);
  Value out = Value::array();
  size_t done = 0;
  for (auto spans = matches.next(); !spans.empty(); spans = matches.next()) {
    Value piece = Value::array();
    piece.push_back(string_of(text, {done, spans[0].begin, true}));
    piece.push_back(named_captures(*regex, text, spans));
    out.push_back(std::move(piece));
    done = spans[0].end;
    if (!call.guard.spend(spans.size()) || !call.guard.room_for(0)) return {};
  }
  out.push_back(string_of(text, {done, text.size(), true}));
  return out;
}

constexpr Native table[] = {
    {"_match", 2, match, Cost::kWeight},
    {"_test", 2, test, Cost::kWeight},
    {"_pieces", 2, pieces, Cost::kWeight},
};

}  // namespace

std::span<const Native> regex_natives() {
  return table;
}

}  // namespace penstock::jq
