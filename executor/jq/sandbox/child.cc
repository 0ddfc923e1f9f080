#include "executor/jq/sandbox/child.h"

extern "C" {
#include <jq.h>
#include <jv.h>
}

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string>

#include "executor/jq/sandbox/channel.h"
#include "executor/jq/sandbox/confine.h"
#include "proto/limits.h"

namespace penstock::jq {
namespace {

// The first complaint of the compiler, which says the most.
void keep_first(void* kept, jv message) {
  auto* text = static_cast<std::string*>(kept);
  if (text->empty() && jv_get_kind(message) == JV_KIND_STRING) *text = jv_string_value(message);
  jv_free(message);
}

jv take(jv request, const char* key) {
  return jv_object_get(jv_copy(request), jv_string(key));
}

jv run_compiled(jq_state* jq, jv input, size_t outputs_max) {
  jv answer = jv_object();
  jv outputs = jv_array();
  jq_start(jq, input, 0);
  for (size_t count = 0;; count++) {
    jv output = jq_next(jq);
    const bool valid = jv_is_valid(output) != 0;
    if (!valid && jv_invalid_has_msg(jv_copy(output))) {
      answer = jv_object_set(answer, jv_string("error"), jv_invalid_get_msg(output));
      break;
    }
    if (!valid || count == outputs_max) {
      jv_free(output);
      if (valid) answer = jv_object_set(answer, jv_string("limit"), jv_string("outputs"));
      break;
    }
    outputs = jv_array_append(outputs, output);
  }
  return jv_object_set(answer, jv_string("outputs"), outputs);
}

// The request is used up.
jv answer_to(jv request) {
  jv program = take(request, "program");
  const double outputs_max = jv_number_value(take(request, "outputs_max"));
  jq_state* jq = jq_init();
  std::string complaint;
  jq_set_error_cb(jq, keep_first, &complaint);
  jv answer = jv_null();
  if (jq_compile_args(jq, jv_string_value(program), take(request, "variables")) == 0) {
    answer = jv_object_set(jv_object(), jv_string("invalid"), jv_string(complaint.c_str()));
  } else {
    answer = run_compiled(jq, take(request, "input"), static_cast<size_t>(outputs_max));
  }
  jq_teardown(&jq);
  jv_free(program);
  jv_free(request);
  return answer;
}

}  // namespace

int sandbox_child() {
  std::signal(SIGPIPE, SIG_IGN);
  close_range(sandbox_fd + 1, ~0U, 0);
  tzset();  // reads a file; afterwards nothing can
  if (!confine().ok()) return 1;
  for (;;) {
    const auto message = receive_message(sandbox_fd, limits::json_bytes_max, wait_for_ever);
    if (!message) return 0;
    jv request = jv_parse_sized(message->data(), static_cast<int>(message->size()));
    if (!jv_is_valid(request)) return 1;
    jv text = jv_dump_string(answer_to(request), 0);
    const std::string answer(jv_string_value(text));
    jv_free(text);
    if (!send_message(sandbox_fd, answer, wait_for_ever).ok()) return 0;
  }
}

}  // namespace penstock::jq
