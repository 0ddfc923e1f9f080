#include "executor/link/secret_store.h"

#include <algorithm>

#include "executor/json/parse.h"
#include "executor/tasks/encoding.h"
#include "proto/limits.h"

namespace penstock::executor {

static constexpr std::string_view kBlot = "***";

void SecretStore::set(const worker::SecretSet& secrets) {
  values_ = json::Value::object();
  marks_.clear();
  for (const worker::SecretValue& secret : secrets.values()) {
    Result<json::Value> parsed = json::parse(secret.value());
    const bool structured = parsed.ok() && (parsed->is_object() || parsed->is_array());
    json::Value value = structured ? *std::move(parsed) : json::Value::string(secret.value());
    add_marks(value);
    values_.set(secret.name(), std::move(value));
  }
  std::sort(marks_.begin(), marks_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  marks_.erase(std::unique(marks_.begin(), marks_.end()), marks_.end());
}

void SecretStore::add_marks(const json::Value& value) {
  if (value.is_string()) return add_mark(value.as_string());
  const json::Value user = value.get("username"), password = value.get("password");
  if (user.is_string() && password.is_string())  // as Basic sends them
    add_mark(std::string(user.as_string()) + ":" + std::string(password.as_string()));
  for (size_t i = 0; i < value.size(); i++) {
    // A user's name stands in many texts that are nobody's secret.
    if (!value.is_object() || value.member(i).key.as_string() != "username") add_marks(value.at(i));
  }
}

void SecretStore::add_mark(std::string_view secret) {
  if (secret.size() < limits::redacted_bytes_min) return;
  const std::string text(secret);
  const std::string quoted = json::Value::string(text).dump();
  marks_.push_back(text);
  marks_.push_back(quoted.substr(1, quoted.size() - 2));
  marks_.push_back(percent_encoded(secret));
  marks_.push_back(base64(secret));
}

size_t SecretStore::begun(std::string_view text) const {
  size_t most = 0;
  for (const std::string& mark : marks_) {
    for (size_t size = std::min(mark.size() - 1, text.size()); size > most; size--)
      if (text.ends_with(std::string_view(mark).substr(0, size))) most = size;
  }
  return most;
}

void SecretStore::redact(std::string& text) const {
  for (const std::string& mark : marks_) {
    for (size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + kBlot.size()))
      text.replace(at, mark.size(), kBlot);
  }
}

void SecretStore::redact(records::Outcome& outcome) const {
  if (!outcome.body().empty()) redact(*outcome.mutable_body());
  for (records::Header& header : *outcome.mutable_headers()) redact(*header.mutable_value());
  if (outcome.has_error()) {
    records::WorkflowError& error = *outcome.mutable_error();
    for (std::string* text : {error.mutable_type(), error.mutable_title(), error.mutable_detail(),
                              error.mutable_instance()})
      redact(*text);
  }
  for (records::TaskTrace& task : *outcome.mutable_tasks()) {
    redact(*task.mutable_input());
    redact(*task.mutable_output());
  }
}

void SecretStore::redact(worker::Frame& frame) const {
  if (marks_.empty()) return;
  for (worker::Finished& finished : *frame.mutable_finished()) redact(*finished.mutable_outcome());
  for (worker::EarlyReply& reply : *frame.mutable_replies()) redact(*reply.mutable_outcome());
  for (worker::Piece& piece : *frame.mutable_pieces()) redact(*piece.mutable_data());
  for (worker::Emit& emit : *frame.mutable_emits()) redact(*emit.mutable_event());
}

}  // namespace penstock::executor
