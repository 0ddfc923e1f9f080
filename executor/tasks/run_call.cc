#include "executor/tasks/run_call.h"

#include "executor/tasks/encoding.h"
#include "executor/tasks/http_output.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

constexpr size_t kShownBytesMax = 1000;  // of what a failed process complained about

bool is_module(const std::string& code) {
  const bool old = code.find("require(") != code.npos || code.find("module.exports") != code.npos;
  return !old || code.starts_with("import ") || code.find("\nimport ") != code.npos;
}

void put_arguments(ProcessRequest& request, const json::Value& arguments) {
  for (size_t i = 0; i < arguments.size(); i++) {
    request.command.push_back(plain_text(arguments.at(i)));
  }
}

void put_environment(ProcessRequest& request, const json::Value& environment) {
  for (size_t i = 0; environment.is_object() && i < environment.size(); i++) {
    const json::Member member = environment.member(i);
    request.environment.emplace_back(member.key.as_string(), plain_text(member.value));
  }
}

size_t size_of(const ProcessRequest& request) {
  size_t bytes = request.file.size() + request.input.size();
  for (const std::string& one : request.command) bytes += one.size() + 1;
  for (const auto& [name, value] : request.environment) bytes += name.size() + value.size() + 2;
  return bytes;
}

// A zero byte would end an argument where its writer did not.
bool has_zero(const ProcessRequest& request) {
  for (const std::string& one : request.command) {
    if (one.find('\0') != one.npos) return true;
  }
  for (const auto& [name, value] : request.environment) {
    const bool bad = name.empty() || name.find_first_of(std::string_view("=\0", 2)) != name.npos ||
                     value.find('\0') != value.npos;
    if (bad) return true;
  }
  return false;
}

json::Value text(std::string bytes) {
  return json::Value::string(is_utf8(bytes) ? std::move(bytes) : base64(bytes));
}

}  // namespace

CallStep RunCall::begin() {
  const json::Value source = call_.with.get("source");
  if (!is_shell() && !source.is_null()) return fetch(source);
  return start(std::string(call_.with.get("code").as_string()));
}

CallStep RunCall::answered(const HttpReply& reply) {
  flow::TaskResult fetched = http_result(sent(), reply, "raw", false);
  if (std::holds_alternative<Error>(fetched)) return fetched;
  return start(reply.body);
}

CallStep RunCall::start(std::string code) {
  const json::Value& with = call_.with;
  ProcessRequest request;
  request.permission = call_.body->kind;
  const std::string language(with.get("language").as_string());
  if (is_shell()) {
    request.command = {"sh", "-c", std::string(with.get("command").as_string()), "sh"};
  } else if (language == "js" || language == "javascript") {
    request.file_name = is_module(code) ? "main.mjs" : "main.cjs";
    request.command = {"node", request.file_name};
  } else if (language == "python" || language == "python3") {
    request.file_name = "main.py";
    request.command = {"python3", request.file_name};
  } else {
    return Error::of(ErrorKind::kConfiguration,
                     "scripts in '" + language + "' are not run here; use js or python");
  }
  request.file = std::move(code);
  put_arguments(request, with.get("arguments"));
  put_environment(request, with.get("environment"));
  const json::Value input = with.get("stdin");
  if (!input.is_null()) request.input = plain_text(input);
  request.detached = with.get("await").is_bool() && !with.get("await").as_bool();
  if (size_of(request) > limits::run_input_bytes_max) {
    return Error::of(ErrorKind::kConfiguration,
                     "code, input, arguments and environment are larger than " +
                         std::to_string(limits::run_input_bytes_max >> 20) + " MiB");
  }
  if (has_zero(request)) {
    return Error::of(ErrorKind::kConfiguration,
                     "an argument or an environment variable has a zero byte or a bad name");
  }
  return request;
}

CallStep RunCall::ended(ProcessReply reply) {
  const std::string kind = call_.body->kind;
  if (reply.refused) {
    return Error::of(ErrorKind::kAuthorization, "`run: " + kind +
                                                    "` is not allowed here; the operator can "
                                                    "allow it with --allow-run " +
                                                    kind);
  }
  if (!reply.fault.empty()) {
    return Error::of(reply.timed_out ? ErrorKind::kTimeout : ErrorKind::kRuntime,
                     "the " + kind + " was not run to its end: " + reply.fault);
  }
  const json::Value& with = call_.with;
  if (with.get("await").is_bool() && !with.get("await").as_bool()) return call_.input;
  const std::string_view wanted = with.get("return").as_string();
  if (wanted == "code") return json::Value::integer(reply.exit_code);
  if (wanted == "all") {
    json::Value result = json::Value::object();
    result.set("code", json::Value::integer(reply.exit_code));
    result.set("stdout", text(std::move(reply.out)));
    result.set("stderr", text(std::move(reply.err)));
    return result;
  }
  if (reply.exit_code != 0) {
    std::string said = reply.err.size() > kShownBytesMax
                           ? reply.err.substr(reply.err.size() - kShownBytesMax)
                           : reply.err;
    if (!is_utf8(said)) said.clear();
    return Error::of(ErrorKind::kRuntime, "the " + kind + " ended with code " +
                                              std::to_string(reply.exit_code) +
                                              (said.empty() ? "" : ": " + said));
  }
  if (wanted == "none") return json::Value();
  return text(std::move(wanted == "stderr" ? reply.err : reply.out));
}

}  // namespace penstock::executor
