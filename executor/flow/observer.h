// Someone who watches tasks begin and end, with what goes in and comes out: for `workflow run` and
// its trace. Not told of in the hot path of a gateway's runs.
#pragma once

#include "executor/flow/error.h"
#include "executor/flow/trace.h"
#include "executor/json/value.h"

namespace penstock::flow {

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void task_began(const Node& node, const json::Value& input) = 0;
  virtual void task_ended(const Node& node, TaskStatus status, const json::Value& output) = 0;
  virtual void error_raised(const Node& node, const Error& error) = 0;
};

}  // namespace penstock::flow
