#include "executor/jq/sandbox/sandbox.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "executor/jq/sandbox/channel.h"
#include "executor/jq/sandbox/child.h"
#include "executor/json/parse.h"

namespace penstock::jq {
namespace {

using json::Value;

// What a run left behind in a process must not add up.
constexpr size_t runs_per_process = 100;

std::string request_text(const std::string& program, const Value& input,
                         const std::vector<std::string>& names, std::span<const Value> variables,
                         const Options& options) {
  Value named = Value::object();
  for (size_t i = 0; i < names.size() && i < variables.size(); i++)
    named.set(names[i], variables[i]);
  Value request = Value::object();
  request.set("program", Value::string(program));
  request.set("input", input);
  request.set("variables", std::move(named));
  request.set("outputs_max", Value::integer(static_cast<int64_t>(options.budget.outputs)));
  return request.dump();
}

Outcome failed(const std::string& message, const char* limit) {
  Outcome outcome;
  outcome.error = Error{Value::string(message), limit};
  return outcome;
}

Outcome outcome_of(const Value& answer) {
  Outcome outcome;
  const Value outputs = answer.get("outputs");
  for (size_t i = 0; i < outputs.size(); i++) outcome.outputs.push_back(outputs.at(i));
  if (const auto error = answer.find("error")) outcome.error = Error{*error, {}};
  if (const auto invalid = answer.find("invalid")) outcome.error = Error{*invalid, {}};
  if (answer.find("limit")) {
    outcome.error =
        Error{Value::string("the expression went over its limit of outputs"), "outputs"};
  }
  return outcome;
}

}  // namespace

Sandbox::Sandbox(SandboxOptions options) : options_(std::move(options)) {
  if (options_.command.empty()) options_.command = {"/proc/self/exe", "jq-sandbox"};
}

Sandbox::~Sandbox() {
  for (Process& process : processes_) end(process);
}

Status Sandbox::start() {
  while (processes_.size() < options_.processes) {
    auto process = spawn();
    if (!process) return process.status();
    processes_.push_back(*process);
  }
  return {};
}

// A new image of the program: nothing of our memory, descriptors or environment goes along.
Result<Sandbox::Process> Sandbox::spawn() const {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return Status::io(std::string("socketpair: ") + std::strerror(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int standard : {0, 1, 2}) {
    posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, pair[1], sandbox_fd);
  std::vector<char*> arguments;
  for (const std::string& one : options_.command)
    arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  char* environment[] = {nullptr};
  Process made;
  const int error =
      posix_spawn(&made.pid, arguments[0], &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  close(pair[1]);
  made.fd = pair[0];
  if (error == 0) return made;
  close(pair[0]);
  return Status::io(options_.command[0] + ": " + std::strerror(error));
}

void Sandbox::end(Process& process) {
  if (process.pid < 0) return;
  kill(process.pid, SIGKILL);
  waitpid(process.pid, nullptr, 0);
  close(process.fd);
  process = Process{};
}

Result<std::string> Sandbox::exchange(int fd, const std::string& request) const {
  const Status sent = send_message(fd, request, options_.timeout_ms);
  if (!sent) return sent;
  return receive_message(fd, limits::json_bytes_max, options_.timeout_ms);
}

Result<Value> Sandbox::ask(const std::string& request) {
  if (const Status started = start(); !started) return started;
  Process& process = processes_[next_];
  next_ = (next_ + 1) % processes_.size();
  if (process.pid < 0) {
    auto made = spawn();
    if (!made) return made.status();
    process = *made;
  }
  const auto answer = exchange(process.fd, request);
  // A process that failed once is not trusted with another run.
  if (!answer || ++process.served >= runs_per_process) end(process);
  if (!answer) return answer.status();
  return json::parse(*answer);
}

Outcome Sandbox::run(const std::string& program, const Value& input,
                     const std::vector<std::string>& names, std::span<const Value> variables,
                     const Options& options) {
  const auto answer = ask(request_text(program, input, names, variables, options));
  if (answer) return outcome_of(*answer);
  switch (answer.status().fault()) {
    case Fault::kTimeout:
      return failed("the expression went over its limit of " + std::to_string(options_.timeout_ms) +
                        " ms in the sandbox",
                    "time_ms");
    case Fault::kIo:
      return failed("the expression ended its sandbox: too much memory, or a fault in libjq",
                    "memory_bytes");
    default:
      return failed("the sandbox: " + answer.status().message(), "sandbox");
  }
}

}  // namespace penstock::jq
