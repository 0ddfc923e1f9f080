#include "executor/json/parse.h"

#include <simdjson.h>

#include <bit>
#include <cstring>

#include "executor/json/builder.h"
#include "proto/limits.h"

namespace penstock::json {
namespace {

// Freed by the last value that shares it, or here when there is none.
struct Release {
  void operator()(Document* document) const {
    if (--document->refs == 0) delete document;
  }
};
using DocumentPtr = std::unique_ptr<Document, Release>;

DocumentPtr copy_text(std::string_view text) {
  DocumentPtr document(new Document);
  document->text.reset(new char[text.size() + simdjson::SIMDJSON_PADDING]);
  if (!text.empty()) std::memcpy(document->text.get(), text.data(), text.size());
  std::memset(document->text.get() + text.size(), ' ', simdjson::SIMDJSON_PADDING);
  document->text_bytes = text.size();
  return document;
}

Status translate(simdjson::error_code code) {
  const std::string reason = simdjson::error_message(code);
  if (code == simdjson::CAPACITY || code == simdjson::MEMALLOC) {
    return Status::full("JSON could not be read: " + reason);
  }
  return Status::invalid("invalid JSON: " + reason);
}

}  // namespace

struct Parser::State {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> finder;
  size_t capacity = 0;
  Builder builder;

  Status reserve(size_t bytes);
};

Status Parser::State::reserve(size_t bytes) {
  if (finder && bytes <= capacity) return {};
  const size_t wanted = std::bit_ceil(std::max<size_t>(bytes, 1024));
  // Only the first stage is used, which needs no room for depth.
  const auto code =
      simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, 1, finder);
  if (code) return translate(code);
  capacity = wanted;
  return {};
}

Parser::Parser() : state_(std::make_unique<State>()) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Result<Value> Parser::parse(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > limits::json_bytes_max) {
    return Status::full("JSON larger than " + std::to_string(limits::json_bytes_max) + " bytes");
  }
  if (const Status status = state_->reserve(text.size()); !status) return status;
  const DocumentPtr document = copy_text(text);
  auto& finder = *state_->finder;
  const auto code = finder.stage1(reinterpret_cast<const uint8_t*>(document->text.get()),
                                  text.size(), simdjson::stage1_mode::regular);
  if (code) return translate(code);
  const Status status = state_->builder.build(*document, finder.structural_indexes.get(),
                                              finder.n_structural_indexes);
  if (!status) return status;
  document->meter_now();
  return document->root();
}

Result<Value> parse(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace penstock::json
