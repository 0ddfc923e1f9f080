// GET /v1/triggers/{name}/rejected: what was refused of late, and why.
#include <nlohmann/json.hpp>

#include "gateway/app/json_text.h"
#include "gateway/app/triggers_api.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static Json words_of(const std::string& joined) {
  Json words = Json::array();
  for (size_t at = 0; at < joined.size();) {
    const size_t end = std::min(joined.find(' ', at), joined.size());
    words.push_back(joined.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

static Json row_of(const Rejection& one) {
  const ProblemKind& kind = problem_kind(one.code);
  Json row = {{"at", iso_time(one.at_ms)},
              {"code", kind.word},
              {"status", kind.status},
              {"detail", one.detail},
              {"remote", one.remote},
              {"method", one.method},
              {"path", one.path},
              {"headers", words_of(one.header_names)},
              {"body_bytes", one.body_bytes}};
  row["body_sha256"] = one.body_hash.empty() ? Json(nullptr) : Json(one.body_hash);
  row["hint"] = one.hint.empty() ? Json(nullptr) : Json(one.hint);
  return row;
}

void TriggersApi::rejected(const OperatorRequest& request, const std::string& name) {
  if (!request.is(Method::kGet) && !request.is(Method::kHead))
    return respond_wrong_method(context_.server, request.exchange, "GET");
  Json counts = Json::object(), rows = Json::array();
  uint64_t total = 0;
  const Rejections::Counts by_code = context_.rejections.counts(name);
  for (size_t i = 0; i < Rejections::codes; i++) {
    if (by_code[i] == 0) continue;
    counts[std::string(problem_kind(static_cast<Code>(i)).word)] = by_code[i];
    total += by_code[i];
  }
  const std::string code = request.query("code").value_or("");
  for (const Rejection* one : context_.rejections.of(name))
    if (code.empty() || problem_kind(one->code).word == code) rows.push_back(row_of(*one));
  respond_json(context_.server, request.exchange, 200,
               {{"trigger", name},
                {"total", total},
                {"counts", counts},
                {"rejected", rows},
                {"next", nullptr}});
}

}  // namespace penstock::gateway
