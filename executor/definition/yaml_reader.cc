#include "executor/definition/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

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
  explicit Handler(TextBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (builder_.wants_key()) refuse(mark, Status::invalid("an empty key"));
    take(mark, builder_.scalar(position(mark), anchor, "null"));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    take(mark, builder_.alias(position(mark), anchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
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
  }
  void plain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
             const std::string& value);

  TextBuilder& builder_;
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

Status read_one(std::istream& stream, TextBuilder& builder, Complaint& complaint) {
  YAML::Parser parser(stream);
  Handler handler(builder);
  if (!parser.HandleNextDocument(handler)) return complain(complaint, {1, 1}, "nothing is here");
  TextBuilder ignored;
  Handler second(ignored);
  if (parser.HandleNextDocument(second)) {
    return complain(complaint, {}, "more than one YAML document");
  }
  return {};
}

}  // namespace

Status read_yaml(std::string_view source, TextBuilder& builder, Complaint& complaint) {
  ViewBuffer buffer(source);
  std::istream stream(&buffer);
  try {
    return read_one(stream, builder, complaint);
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
