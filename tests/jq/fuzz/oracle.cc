#include "oracle.h"

extern "C" {
#include <jq.h>
#include <jv.h>
}

namespace penstock::jq::fuzz {
namespace {

void ignore(void*, jv message) {
  jv_free(message);
}

}  // namespace

Oracle::Oracle(const std::string& program) : jq_(jq_init()) {
  jq_set_error_cb(jq_, ignore, nullptr);
  compiled_ = jq_compile(jq_, program.c_str()) != 0;
}

Oracle::~Oracle() {
  jq_teardown(&jq_);
}

Answer Oracle::run(const std::string& input, size_t outputs_max) {
  Answer answer;
  jq_start(jq_, jv_parse(input.c_str()), 0);
  for (;;) {
    jv result = jq_next(jq_);
    if (!jv_is_valid(result)) {
      answer.failed = jv_invalid_has_msg(result) != 0;
      break;
    }
    if (answer.outputs.size() == outputs_max) {
      jv_free(result);
      answer.cut = true;
      break;
    }
    jv text = jv_dump_string(result, 0);
    answer.outputs.emplace_back(jv_string_value(text));
    jv_free(text);
  }
  return answer;
}

}  // namespace penstock::jq::fuzz
