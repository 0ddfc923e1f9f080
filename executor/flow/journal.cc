#include "executor/flow/journal.h"

#include <algorithm>

#include "executor/json/parse.h"

namespace penstock::flow {
namespace {

constexpr int64_t kVersion = 1;

// Appends the one field that says what the result is.
struct WriteResult {
  std::string& out;

  void operator()(const json::Value& value) const {
    out += "\"out\":";
    value.write(out);
  }
  void operator()(const Error& error) const {
    json::Value object = error.value();
    object.set("retryable", json::Value::boolean(error.retryable));
    if (error.retry_after_ms > 0)
      object.set("after_ms", json::Value::integer(static_cast<int64_t>(error.retry_after_ms)));
    out += "\"err\":";
    object.write(out);
  }
  void operator()(const Fired&) const { out += "\"fired\":true"; }
  void operator()(const Heard& heard) const {
    out += "\"heard\":";
    heard.event.write(out);
    if (heard.sequence) out += ",\"seq\":" + std::to_string(*heard.sequence);
  }
  void operator()(const Loaded& loaded) const {
    out += "\"load\":";
    json::Value::string(loaded.version).write(out);
  }
};

std::optional<TaskResult> result_of(const json::Value& object) {
  if (const auto out = object.find("out")) return *out;
  if (const auto error = object.find("err")) {
    Error read = Error::from(*error);
    read.retryable = error->get("retryable").as_bool();
    const int64_t after_ms = error->get("after_ms").as_integer().value_or(0);
    read.retry_after_ms = static_cast<uint64_t>(std::max<int64_t>(after_ms, 0));
    return read;
  }
  if (object.find("fired")) return Fired();
  if (const auto event = object.find("heard")) {
    const std::optional<int64_t> sequence = object.get("seq").as_integer();
    return Heard{*event, sequence ? std::optional(static_cast<uint32_t>(*sequence)) : std::nullopt};
  }
  if (const auto version = object.find("load")) {
    return Loaded{nullptr, std::string(version->as_string())};
  }
  return std::nullopt;
}

}  // namespace

std::string start_record(uint64_t now_ms) {
  return "{\"v\":" + std::to_string(kVersion) + ",\"start\":" + std::to_string(now_ms) + "}";
}

std::string result_record(Ordinal ordinal, uint64_t at_ms, const TaskResult& result) {
  std::string out = "{\"n\":" + std::to_string(ordinal) + ",\"at\":" + std::to_string(at_ms) + ",";
  std::visit(WriteResult{out}, result);
  out += "}";
  return out;
}

Result<JournalRecord> read_record(std::string_view text) {
  Result<json::Value> object = json::parse(text);
  if (!object) return Status::corrupt("a journal record is no JSON: " + object.status().message());
  JournalRecord record;
  if (const auto version = object->find("v")) {
    const std::optional<int64_t> start = object->get("start").as_integer();
    if (version->as_integer() != kVersion || !start || *start < 0) {
      return Status::corrupt("the journal is of a version that is not known here");
    }
    record.start_ms = static_cast<uint64_t>(*start);
    return record;
  }
  const std::optional<int64_t> ordinal = object->get("n").as_integer();
  const std::optional<int64_t> at = object->get("at").as_integer();
  std::optional<TaskResult> result = result_of(*object);
  if (!ordinal || !at || !result) return Status::corrupt("a journal record lacks a field");
  record.ordinal = static_cast<Ordinal>(*ordinal);
  record.at_ms = static_cast<uint64_t>(*at);
  record.result = std::move(*result);
  return record;
}

}  // namespace penstock::flow
