#include "executor/process/process_pool.h"

#include <algorithm>

#include "executor/process/folder.h"
#include "proto/limits.h"

namespace penstock::executor {

bool ProcessOptions::allows(const std::string& word) const {
  return std::find(allowed.begin(), allowed.end(), word) != allowed.end();
}

ProcessPool::ProcessPool(uv_loop_t* loop, const Clock& clock, ProcessOptions options)
    : loop_(loop), clock_(clock), options_(std::move(options)), deadlines_(loop, clock) {}

ProcessPool::~ProcessPool() {
  for (auto& [token, running] : running_) {
    running.child->end("the executor ends");
    remove_process_folder(loop_, running.child->folder());
  }
}

ProcessPool::Token ProcessPool::start(ProcessRequest request) {
  const Token token = ++last_;
  if (!options_.allows(request.permission)) {
    fail(token, "", true);
  } else if (running_.size() < limits::run_processes_max) {
    launch(token, std::move(request));
  } else {
    waiting_.emplace_back(token, std::move(request));
  }
  return token;
}

void ProcessPool::fail(Token token, std::string fault, bool refused) {
  ProcessReply reply;
  reply.fault = std::move(fault);
  reply.refused = refused;
  done_.push_back({token, std::move(reply)});
}

void ProcessPool::launch(Token token, ProcessRequest request) {
  const std::string program = find_program(request.command.at(0));
  if (program.empty()) {
    return fail(token, "there is no program '" + request.command[0] + "' here", false);
  }
  Result<std::string> folder = make_process_folder(request.file_name, request.file);
  if (!folder) return fail(token, folder.status().message(), false);
  request.file.clear();
  const bool detached = request.detached;
  const uint64_t timeout_ms =
      request.timeout_ms ? std::min(request.timeout_ms, limits::run_ms_max) : limits::run_ms_max;
  auto child = std::make_unique<ChildProcess>(loop_, std::move(request), *folder);
  const Status status = child->spawn(options_.wrapper, program, options_.allows("network"));
  if (!status) {
    remove_process_folder(loop_, *folder);
    return fail(token, status.message(), false);
  }
  deadlines_.add(token, clock_.wall_ms() + timeout_ms);
  running_[token] = {std::move(child), !detached};
  if (detached) done_.push_back({token, {}});
}

void ProcessPool::write(Token token, std::string bytes) {
  auto found = running_.find(token);
  if (found != running_.end()) found->second.child->write(std::move(bytes));
}

void ProcessPool::cancel(Token token) {
  std::erase_if(waiting_, [token](const auto& one) { return one.first == token; });
  std::erase_if(done_, [token](const Done& one) { return one.token == token; });
  auto found = running_.find(token);
  if (found == running_.end()) return;
  found->second.wanted = false;
  found->second.child->end("it is no longer wanted");
}

void ProcessPool::turn() {
  for (const Token token : deadlines_.take_due()) {
    auto found = running_.find(token);
    if (found != running_.end()) found->second.child->end_late();
  }
  for (auto at = running_.begin(); at != running_.end();) {
    ChildProcess& child = *at->second.child;
    if (child.has_said()) data_.push_back({at->first, child.take_said()});
    if (!child.ended()) {
      ++at;
      continue;
    }
    deadlines_.cancel(at->first);
    remove_process_folder(loop_, child.folder());
    if (at->second.wanted) done_.push_back({at->first, child.take_reply()});
    at = running_.erase(at);
  }
  while (!waiting_.empty() && running_.size() < limits::run_processes_max) {
    auto [token, request] = std::move(waiting_.front());
    waiting_.pop_front();
    launch(token, std::move(request));
  }
}

}  // namespace penstock::executor
