// What a workflow wants started, and what came of it, as plain values. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace penstock::executor {

struct ProcessRequest {
  std::string permission = {};            ///< the operator's word for it: shell, script, mcp
  std::vector<std::string> command = {};  ///< a program on the PATH and its arguments
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< all that it gets, nearly
  std::string file_name = {}, file = {};  ///< put into its folder first; no name: none
  std::string input = {};                 ///< for its stdin
  bool conversation = false;  ///< stdin stays open, and what it says is handed on as it comes
  bool detached = false;      ///< nobody waits for its end
  uint64_t timeout_ms = 0;    ///< 0: limits::run_ms_max
};

struct ProcessReply {
  std::string fault = {};  ///< not empty: why it was not started, or was ended
  bool refused = false;    ///< … because the operator does not allow it
  bool timed_out = false;
  int exit_code = 0;  ///< 128 + signal where one ended it, as shells say it
  std::string out = {}, err = {};
};

/// More for the stdin of a process that talks with its call.
struct ProcessInput {
  std::string bytes;
};

}  // namespace penstock::executor
