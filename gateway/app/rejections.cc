#include "gateway/app/rejections.h"

#include <simdjson.h>

#include <optional>

#include "gateway/app/intake.h"
#include "proto/limits.h"
#include "proto/sha256.h"

namespace penstock::gateway {

static constexpr size_t kHashDigits = 16;

static std::string cut(std::string_view text, size_t bytes) {
  return std::string(text.substr(0, bytes));
}

static std::string short_hash(std::string_view body) {
  return body.empty() ? "" : sha256_hex(body).substr(0, kHashDigits);
}

static void add_name(std::string& names, std::string_view name) {
  if (names.size() + name.size() >= limits::rejection_text_bytes_max) return;
  if (!names.empty()) names += ' ';
  for (const char c : name) names += static_cast<char>(tolower(static_cast<unsigned char>(c)));
}

void Rejections::note(const std::string& trigger, const RequestHead& head, Code code,
                      std::string_view detail, std::string_view hint, std::string_view body) {
  Rejection one;
  one.trigger = trigger;
  one.code = code;
  one.detail = cut(detail, limits::rejection_text_bytes_max);
  one.hint = cut(hint, limits::rejection_text_bytes_max);
  one.remote = std::string(head.remote);
  one.method = cut(head.method_text, 32);
  one.path = cut(hook_path(head.path), limits::rejection_text_bytes_max);
  for (const HeaderView& header : head.headers) add_name(one.header_names, header.name);
  one.body_bytes = body.empty() ? head.content_length.value_or(0) : body.size();
  one.body_hash = short_hash(body);
  keep(std::move(one));
}

void Rejections::note(const std::string& trigger, Code code, std::string_view detail) {
  Rejection one;
  one.trigger = trigger;
  one.code = code;
  one.detail = cut(detail, limits::rejection_text_bytes_max);
  keep(std::move(one));
}

static std::optional<Code> code_named(std::string_view word) {
  for (size_t i = 0; i < Rejections::codes; i++)
    if (problem_kind(static_cast<Code>(i)).word == word) return static_cast<Code>(i);
  return std::nullopt;
}

void Rejections::note(const std::string& trigger, const RequestHead& head, const Response& answer,
                      std::string_view body) {
  const std::string hint = std::exchange(next_hint_, {});
  if (answer.status < 400) return;  // a handshake's answer
  simdjson::dom::parser parser;
  simdjson::dom::element problem;
  std::string_view word, detail;
  if (parser.parse(answer.body).get(problem) != simdjson::SUCCESS ||
      problem["code"].get(word) != simdjson::SUCCESS)
    return;
  if (problem["detail"].get(detail) != simdjson::SUCCESS) detail = {};
  if (const auto code = code_named(word)) note(trigger, head, *code, detail, hint, body);
}

void Rejections::keep(Rejection rejection) {
  counts_[static_cast<size_t>(rejection.code)]++;
  if (rejection.trigger.empty()) return;  // a stranger's guess: nobody's to look at
  rejection.at_ms = clock_.wall_ms();
  Kept& kept = by_trigger_[rejection.trigger];
  kept.counts[static_cast<size_t>(rejection.code)]++;
  kept.newest_last.push_back(all_.insert(all_.end(), std::move(rejection)));
  if (kept.newest_last.size() > limits::rejections_kept_max) {
    all_.erase(kept.newest_last.front());
    kept.newest_last.pop_front();
  }
  if (all_.size() <= limits::rejections_max) return;
  by_trigger_[all_.front().trigger].newest_last.pop_front();  // the oldest of all is its oldest
  all_.pop_front();
}

void Rejections::forget(const std::string& trigger) {
  const auto found = by_trigger_.find(trigger);
  if (found == by_trigger_.end()) return;
  for (const auto each : found->second.newest_last) all_.erase(each);
  by_trigger_.erase(found);
}

Rejections::Counts Rejections::counts(const std::string& trigger) const {
  const auto found = by_trigger_.find(trigger);
  return found == by_trigger_.end() ? Counts{} : found->second.counts;
}

Rejections::Listed Rejections::of(const std::string& trigger) const {
  Listed listed;
  const auto found = by_trigger_.find(trigger);
  if (found == by_trigger_.end()) return listed;
  const auto& kept = found->second.newest_last;
  for (auto each = kept.rbegin(); each != kept.rend(); ++each) listed.push_back(&**each);
  return listed;
}

}  // namespace penstock::gateway
