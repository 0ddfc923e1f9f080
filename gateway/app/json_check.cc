#include "gateway/app/json_check.h"

#include <simdjson.h>

#include "proto/limits.h"

namespace penstock::gateway {

static_assert(Body::padding_bytes >= simdjson::SIMDJSON_PADDING);

struct JsonCheck::Parser {
  simdjson::dom::parser dom;
};

JsonCheck::JsonCheck() : parser_(std::make_unique<Parser>()) {}
JsonCheck::~JsonCheck() = default;

std::optional<std::string> JsonCheck::refuse(std::string_view text) {
  if (text.empty()) return "the body is empty";
  // DOM and not On Demand: the latter skips what it does not visit.
  const auto error = parser_->dom.parse(text.data(), text.size(), false).error();
  if (error == simdjson::SUCCESS) return std::nullopt;
  // A number too large for a machine word is valid JSON all the same. simdjson checks the encoding
  // before it looks at numbers, so what is left to check is the structure.
  if (error == simdjson::NUMBER_ERROR) {
    const auto fault = find_json_fault(text, limits::json_depth_max);
    if (!fault) return std::nullopt;
    return "malformed number or structure at byte " + std::to_string(*fault);
  }
  if (error == simdjson::DEPTH_ERROR)
    return "nested deeper than " + std::to_string(limits::json_depth_max) + " levels";
  if (error == simdjson::UTF8_ERROR) return "not valid UTF-8";
  if (const auto fault = find_json_fault(text, limits::json_depth_max))
    return "malformed at byte " + std::to_string(*fault);
  return std::string(simdjson::error_message(error));
}

}  // namespace penstock::gateway
