// The answer to a batch. Written by hand: it may tell of ten thousand items.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "gateway/app/batches.h"
#include "gateway/app/json_text.h"

namespace penstock::gateway {

static void append_refused(std::string& out, const Rejected& why) {
  const ProblemKind& kind = problem_kind(why.code);
  out.append("{\"status\":\"rejected\",\"code\":\"").append(kind.word);
  out.append("\",\"retryable\":").append(kind.retryable ? "true" : "false").append(",\"detail\":");
  append_json_string(out, why.detail);
  out += '}';
}

static void append_kept(std::string& out, const Id& id, std::string_view status) {
  char text[36];
  id.write_text(text);
  out.append("{\"id\":\"").append(text, sizeof(text)).append("\",\"status\":\"");
  out.append(status).append("\"}");
}

/// Nothing was kept, so the answer is no 2xx: the first item's reason, and all of them beside it.
static Response refusal(const Rejected& why, const std::string& members) {
  Response answer = problem(why.code, why.detail, {}, {}, why.retry_after_s);
  answer.body.erase(answer.body.rfind('}'));
  answer.body.append(",").append(members).append("}\n");
  return answer;
}

Response Batches::render(const Open& batch) {
  size_t kept = 0, resend_from = batch.items.size();
  for (const Item& item : batch.items) kept += item.kept ? 1 : 0;
  // From here on nothing was kept, and another try may help.
  const Rejected* later = nullptr;
  while (resend_from > 0 && !batch.items[resend_from - 1].kept &&
         problem_kind(batch.reasons[batch.items[resend_from - 1].word].code).retryable)
    later = &batch.reasons[batch.items[--resend_from].word];
  std::string members =
      fmt::format("\"items\":{},\"accepted\":{},\"rejected\":{},\"resend_from\":{},\"results\":[",
                  batch.items.size(), kept, batch.items.size() - kept,
                  later ? std::to_string(resend_from) : "null");
  members.reserve(members.size() + batch.items.size() * 72);
  for (size_t i = 0; i < batch.items.size(); i++) {
    const Item& item = batch.items[i];
    if (i > 0) members += ',';
    if (item.kept)
      append_kept(members, item.id,
                  item.word        ? batch.statuses[item.word - 1]
                  : batch.captured ? "captured"
                                   : "queued");
    else
      append_refused(members, batch.reasons[item.word]);
  }
  members += ']';
  if (kept == 0 && !batch.items.empty())
    return refusal(batch.reasons[batch.items.front().word], members);
  Response answer;
  answer.status = 207;
  answer.headers.append("Penstock-Durability: ").append(durability_word(batch.durability));
  answer.headers.append("\r\n");
  if (later && later->retry_after_s > 0)
    answer.headers += fmt::format("Retry-After: {}\r\n", later->retry_after_s);
  answer.body = "{" + members + "}\n";
  return answer;
}

void Batches::add_receipt(const Open& batch, Response& answer) const {
  const auto is_new = [](const Item& item) { return item.kept && !item.copy; };
  if (batch.body_sha256.empty() || batch.items.empty() ||
      !std::all_of(batch.items.begin(), batch.items.end(), is_new))
    return;
  context_.receipts
      .signed_receipt({batch.items.front().id.text(), batch.body_sha256, batch.position,
                       iso_time(context_.clock.wall_ms()),
                       std::string(durability_word(batch.durability))})
      .add_to(answer.headers, answer.body);
}

}  // namespace penstock::gateway
