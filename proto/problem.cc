#include "proto/problem.h"

#include <cstddef>
#include <iterator>

namespace penstock {

// In the order of enum Code.
static constexpr ProblemKind kKinds[] = {
    {"invalid_json", 400, false, "The body is not valid JSON"},
    {"bad_request", 400, false, "The request is malformed"},
    {"unauthorized", 401, false, "Credentials are missing or wrong"},
    {"bad_signature", 401, false, "The signature does not match"},
    {"stale_timestamp", 401, false, "The signed timestamp is too old or too new"},
    {"address_refused", 403, false, "This address may not send here"},
    {"forbidden", 403, false, "Not allowed"},
    {"unknown_trigger", 404, false, "No such trigger"},
    {"unknown_run", 404, false, "No such run"},
    {"not_found", 404, false, "Not found"},
    {"method_not_allowed", 405, false, "Method not allowed"},
    {"timeout", 408, true, "The request took too long to arrive"},
    {"key_in_flight", 409, true, "The first request with this key is still running"},
    {"conflict", 409, false, "In conflict with what exists"},
    {"not_listening", 409, true, "The run does not listen for this"},
    {"cancelled", 409, false, "The run was cancelled"},
    {"result_expired", 410, false, "The result has expired"},
    {"payload_too_large", 413, false, "The body is too large"},
    {"uri_too_long", 414, false, "The request target is too long"},
    {"unsupported_media_type", 415, false, "Unsupported media type"},
    {"expectation_failed", 417, false, "The expectation cannot be met"},
    {"key_reused", 422, false, "The key was used before with another body"},
    {"invalid_definition", 422, false, "The definition has errors"},
    {"unprocessable", 422, false, "The body does not fit what is asked for"},
    {"rate_limited", 429, true, "Too many requests"},
    {"headers_too_large", 431, false, "The request head is too large"},
    {"workflow_failed", 502, false, "The workflow failed"},
    {"run_dead", 502, false, "The run was given up after its last attempt"},
    {"internal", 500, true, "Internal error"},
    {"not_implemented", 501, false, "Not implemented"},
    {"version_not_supported", 505, false, "HTTP version not supported"},
    {"queue_full", 503, true, "The queue is full"},
    {"storage_unavailable", 503, true, "The storage does not accept events now"},
    {"draining", 503, true, "The gateway is shutting down"},
    {"no_executor", 503, true, "No executor is connected"},
};

static_assert(std::size(kKinds) == static_cast<size_t>(Code::kNoExecutor) + 1);

const ProblemKind& problem_kind(Code code) { return kKinds[static_cast<size_t>(code)]; }

}  // namespace penstock
