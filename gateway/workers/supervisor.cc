#include "gateway/workers/supervisor.h"

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace penstock::gateway {

struct Supervisor::Child {
  enum class State : uint8_t { kPaused, kRunning, kClosing };
  Supervisor& owner;
  size_t number;
  State state = State::kPaused;
  uv_process_t process;
  uint64_t started_ms = 0;
  uint64_t start_at_ms = 0;   // while paused
  uint32_t quick_ends = 0;    // in a row
};

Supervisor::Supervisor(uv_loop_t* loop, SupervisorOptions options, const Clock& clock, Logger& log)
    : loop_(loop), options_(std::move(options)), clock_(clock), log_(log) {}

Supervisor::~Supervisor() = default;

/// What an executor may know of our environment: nothing that could hold a secret of ours.
static std::vector<std::string> child_environment() {
  std::vector<std::string> kept;
  for (const char* name : {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR",
                           "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "MALLOC_CONF"})
    if (const char* value = getenv(name)) kept.push_back(std::string(name) + "=" + value);
  return kept;
}

void Supervisor::start() {
  for (size_t i = 0; i < options_.processes; i++) {
    children_.push_back(std::unique_ptr<Child>(new Child{*this, i + 1, Child::State::kPaused, {}}));
    spawn(*children_.back());
  }
}

void Supervisor::spawn(Child& child) {
  std::vector<std::string> arguments = {options_.program};
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  arguments.insert(arguments.end(), {"--name", "executor-" + std::to_string(child.number)});
  std::vector<char*> argv, envp;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::vector<std::string> environment = child_environment();
  for (std::string& variable : environment) envp.push_back(variable.data());
  envp.push_back(nullptr);
  uv_stdio_container_t stdio[3] = {};
  stdio[0].flags = stdio[1].flags = UV_IGNORE;
  stdio[2].flags = UV_INHERIT_FD;
  stdio[2].data.fd = 2;
  uv_process_options_t how{};
  how.file = options_.program.c_str();
  how.args = argv.data();
  how.env = envp.data();
  how.stdio = stdio;
  how.stdio_count = 3;
  how.exit_cb = &on_exit;
  child.process.data = &child;
  child.started_ms = clock_.monotonic_ms();
  child.state = Child::State::kRunning;
  const int error = uv_spawn(loop_, &child.process, &how);
  if (error == 0) return;
  log_.error("cannot start an executor",
             {{"program", options_.program}, {"why", uv_strerror(error)}});
  ended(child, 127, 0);
}

void Supervisor::on_exit(uv_process_t* process, int64_t status, int signal) {
  Child& child = *static_cast<Child*>(process->data);
  child.owner.ended(child, status, signal);
}

void Supervisor::ended(Child& child, int64_t status, int signal) {
  const uint64_t now = clock_.monotonic_ms();
  child.quick_ends = now - child.started_ms < steady_ms ? child.quick_ends + 1 : 0;
  const uint64_t pause =
      std::min(restart_ms_max, restart_first_ms << std::min<uint32_t>(child.quick_ends, 10));
  child.start_at_ms = now + (child.quick_ends ? pause : 0);
  child.state = Child::State::kClosing;
  if (!stopping_) {
    restarts_++;
    log_.warn("executor ended", {{"number", uint64_t{child.number}},
                                 {"status", status},
                                 {"signal", signal},
                                 {"restart_in_ms", child.start_at_ms - now}});
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&child.process), [](uv_handle_t* handle) {
    static_cast<Child*>(handle->data)->state = Child::State::kPaused;
  });
}

uint64_t Supervisor::turn() {
  uint64_t next = UINT64_MAX;
  const uint64_t now = clock_.monotonic_ms();
  for (auto& child : children_) {
    if (stopping_ || child->state == Child::State::kRunning) continue;
    if (child->state == Child::State::kPaused && child->start_at_ms <= now) spawn(*child);
    else next = std::min(next, std::max(child->start_at_ms, now + 1));
  }
  return next;
}

void Supervisor::stop() {
  stopping_ = true;
  for (auto& child : children_)
    if (child->state == Child::State::kRunning) uv_process_kill(&child->process, SIGTERM);
}

void Supervisor::kill(uint32_t pid) {
  for (auto& child : children_)
    if (child->state == Child::State::kRunning &&
        child->process.pid == static_cast<int>(pid))
      uv_process_kill(&child->process, SIGKILL);
}

void Supervisor::kill_all() {
  stopping_ = true;
  for (auto& child : children_)
    if (child->state == Child::State::kRunning) uv_process_kill(&child->process, SIGKILL);
}

bool Supervisor::all_ended() const {
  return std::all_of(children_.begin(), children_.end(), [](const auto& child) {
    return child->state == Child::State::kPaused;
  });
}

bool Supervisor::is_crash_looping() const {
  const uint64_t now = clock_.monotonic_ms();
  return std::any_of(children_.begin(), children_.end(), [now](const auto& child) {
    const bool steady =
        child->state == Child::State::kRunning && now - child->started_ms >= steady_ms;
    return child->quick_ends >= crash_loop_count && !steady;
  });
}

}  // namespace penstock::gateway
