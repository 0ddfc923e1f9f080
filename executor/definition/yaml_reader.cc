#include "executor/definition/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>

#include "executor/definition/scalar.h"

namespace penstock::definition {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

// A refusal on its way out of the library's parser, which knows no other.
struct Stop {
  Position at;
  Status status;
};

class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // a get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

Position position(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {static_cast<uint32_t>(mark.line + 1), static_cast<uint32_t>(mark.column + 1)};
}

class Handler : public YAML::EventHandler {
 public:
  Handler(TextBuilder& builder, std::string_view source) : builder_(builder), source_(source) {}

  /// What the library lets pass at the end of the text: a quote that nothing closes.
  void finish() const {
    if (last_quoted_.is_null() || is_closed(source_.substr(offset(last_quoted_)))) return;
    refuse(last_quoted_, Status::invalid("a string without its closing quote"));
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (builder_.wants_key()) refuse(mark, Status::invalid("an empty key"));
    expect_colon();
    take(mark, builder_.scalar(position(mark), anchor, "null"));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    take(mark, builder_.alias(position(mark), anchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (tag == "!") last_quoted_ = mark;
    if (builder_.wants_key()) return key(mark, tag, anchor, value);
    if (tag == "!" || tag == std::string(kTagPrefix) + "str") {
      return take(mark, builder_.string(position(mark), anchor, value));
    }
    plain(mark, tag, anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    collection_tag(mark, tag, "seq");
    take(mark, builder_.begin_array(position(mark), anchor));
  }
  void OnSequenceEnd() override { take({}, builder_.end()); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    collection_tag(mark, tag, "map");
    take(mark, builder_.begin_object(position(mark), anchor));
  }
  void OnMapEnd() override { take({}, builder_.end()); }

 private:
  [[noreturn]] static void refuse(const YAML::Mark& mark, Status status) {
    throw Stop{position(mark), std::move(status)};
  }
  static void take(const YAML::Mark& mark, Status status) {
    if (!status.ok()) refuse(mark, std::move(status));
  }
  static void collection_tag(const YAML::Mark& mark, const std::string& tag,
                             std::string_view kind) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    if (tag != std::string(kTagPrefix) + std::string(kind)) unknown_tag(mark, tag);
  }
  [[noreturn]] static void unknown_tag(const YAML::Mark& mark, const std::string& tag) {
    refuse(mark, Status::invalid("the tag \"" + tag.substr(0, 40) + "\" means nothing here"));
  }
  void key(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
           const std::string& value) {
    if (tag == "?" && value == "<<") {
      refuse(mark, Status::invalid("merge keys (<<) are not part of YAML 1.2"));
    }
    take(mark, builder_.string(position(mark), anchor, value));
    key_ = mark;
    key_bytes_ = tag == "?" ? value.size() : 0;
  }
  // The library takes a line without a colon for a key without a value.
  void expect_colon() const {
    if (key_.is_null() || key_bytes_ == 0) return;
    const std::string_view rest =
        source_.substr(std::min(offset(key_) + key_bytes_, source_.size()));
    const size_t next = rest.find_first_not_of(" \t");
    const bool at_end = next == std::string_view::npos || rest[next] == '\n' || rest[next] == '\r';
    if (at_end && !follows_question_mark())
      refuse(key_, Status::invalid("expected : behind the key"));
  }
  bool follows_question_mark() const {
    const std::string_view before = source_.substr(0, offset(key_));
    const size_t last = before.find_last_not_of(" \t");
    return last != std::string_view::npos && before[last] == '?';
  }
  // Whether the quoted text that begins here has its end.
  static bool is_closed(std::string_view text) {
    const char quote = text.empty() ? '\0' : text[0];
    if (quote != '"' && quote != '\'') return true;
    for (size_t at = 1; at < text.size(); at++) {
      const bool doubled = quote == '\'' && text.substr(at, 2) == "''";
      if (text[at] == quote && !doubled) return true;
      if (doubled) at++;
      if (text[at] == '\\' && quote == '"') at++;
    }
    return false;
  }
  size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<size_t>(mark.pos), source_.size());
  }
  void plain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
             const std::string& value);

  TextBuilder& builder_;
  std::string_view source_;
  YAML::Mark key_ = YAML::Mark::null_mark();
  size_t key_bytes_ = 0;  ///< of a key without quotes; else 0
  YAML::Mark last_quoted_ = YAML::Mark::null_mark();
};

// The core schema's name for what a scalar resolved to.
std::string_view tag_name(ScalarKind kind, const Scalar& scalar) {
  switch (kind) {
    case ScalarKind::kNull:
      return "null";
    case ScalarKind::kTrue:
    case ScalarKind::kFalse:
      return "bool";
    case ScalarKind::kNumber:
      return scalar.number.find_first_of(".eE") == std::string::npos ? "int" : "float";
    case ScalarKind::kString:
    case ScalarKind::kNoNumber:
      break;
  }
  return "str";
}

void Handler::plain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    const std::string& value) {
  const Scalar scalar = resolve_scalar(value);
  const std::string_view name = tag_name(scalar.kind, scalar);
  if (tag != "?" && tag != std::string(kTagPrefix) + std::string(name)) {
    const bool widened = name == "int" && tag == std::string(kTagPrefix) + "float";
    if (!widened) unknown_tag(mark, tag);
  }
  const Position at = position(mark);
  switch (scalar.kind) {
    case ScalarKind::kNull:
      return take(mark, builder_.scalar(at, anchor, "null"));
    case ScalarKind::kTrue:
      return take(mark, builder_.scalar(at, anchor, "true"));
    case ScalarKind::kFalse:
      return take(mark, builder_.scalar(at, anchor, "false"));
    case ScalarKind::kNumber:
      return take(mark, builder_.scalar(at, anchor, scalar.number));
    case ScalarKind::kString:
      return take(mark, builder_.string(at, anchor, value));
    case ScalarKind::kNoNumber:
      refuse(mark, Status::invalid("\"" + value.substr(0, 40) +
                                   "\" is a number that JSON has no word for; quote it"));
  }
}

Status complain(Complaint& complaint, Position at, const std::string& message) {
  complaint = {at, message, {}};
  return Status::invalid(message);
}

Status read_one(std::string_view source, TextBuilder& builder, Complaint& complaint) {
  ViewBuffer buffer(source);
  std::istream stream(&buffer);
  YAML::Parser parser(stream);
  Handler handler(builder, source);
  if (!parser.HandleNextDocument(handler)) return complain(complaint, {1, 1}, "nothing is here");
  handler.finish();
  TextBuilder ignored;
  Handler second(ignored, source);
  if (parser.HandleNextDocument(second)) {
    return complain(complaint, {}, "more than one YAML document");
  }
  return {};
}

}  // namespace

Status read_yaml(std::string_view source, TextBuilder& builder, Complaint& complaint) {
  try {
    return read_one(source, builder, complaint);
  } catch (const Stop& stop) {
    complaint = {stop.at, stop.status.message(), {}};
    return stop.status;
  } catch (const YAML::Exception& error) {
    return complain(complaint, position(error.mark), error.msg);
  } catch (const std::exception& error) {
    return complain(complaint, {}, error.what());
  }
}

}  // namespace penstock::definition
