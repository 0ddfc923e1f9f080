// One started process on the loop: its handle, its three pipes and what it said so far. Its
// callbacks only record facts and tell the owner that there are some.
//
// Lifecycle: construct, spawn(); ended() once it is gone and its pipes are empty. end() kills it
// and all that it started. It may only be destroyed before spawn() worked or after ended(), else a
// zombie stays. Loop thread only.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "executor/process/process.h"
#include "executor/tasks/uv_ptr.h"
#include "proto/status.h"

namespace penstock::executor {

class ChildProcess {
 public:
  ChildProcess(uv_loop_t* loop, ProcessRequest request, std::string folder);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// `program` is the whole path of request.command[0]; `wrapper` is started and becomes it.
  Status spawn(const std::vector<std::string>& wrapper, const std::string& program, bool network);
  void write(std::string bytes);
  /// Kills it and all it started; `fault` says why, the first one holds.
  void end(std::string fault);
  void end_late() {
    reply_.timed_out = true;
    end("it took too long");
  }
  bool ended() const { return exited_ && !out_open_ && !err_open_; }
  /// What it said since the last time, where it talks with its call.
  std::string take_said() { return std::exchange(said_, {}); }
  bool has_said() const { return !said_.empty(); }
  ProcessReply take_reply() { return std::move(reply_); }
  const std::string& folder() const { return folder_; }
  const ProcessRequest& request() const { return request_; }

 private:
  struct Write;
  static void on_exit(uv_process_t* process, int64_t code, int signal);
  static void on_room(uv_handle_t* pipe, size_t, uv_buf_t* buffer);
  static void on_read(uv_stream_t* pipe, ssize_t size, const uv_buf_t* buffer);
  void keep(bool is_out, const char* bytes, size_t size);
  void kill_group();

  uv_loop_t* loop_;
  ProcessRequest request_;
  std::string folder_;
  ProcessReply reply_;
  std::string said_;
  size_t kept_bytes_ = 0;
  UvPtr<uv_process_t> process_;
  UvPtr<uv_pipe_t> in_, out_, err_;
  int pid_ = 0;
  bool exited_ = false, out_open_ = true, err_open_ = true;
};

}  // namespace penstock::executor
