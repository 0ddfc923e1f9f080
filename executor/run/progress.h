// Shows tasks as they begin and end: a line each on a terminal, and with --trace what went in and
// came out. Writes to stderr, so that stdout has the output alone.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "executor/flow/observer.h"
#include "proto/clock.h"

namespace penstock::executor {

class Progress final : public flow::Observer {
 public:
  struct Style {
    bool lines = false;   ///< a line per task
    bool values = false;  ///< and its input and output
    bool colour = false;
  };
  Progress(Style style, const Clock& clock) : style_(style), clock_(clock) {}

  void task_began(const flow::Node& node, const json::Value& input) override;
  void task_ended(const flow::Node& node, flow::TaskStatus status,
                  const json::Value& output) override;
  void error_raised(const flow::Node& node, const flow::Error& error) override;

 private:
  void line(const char* mark, int colour, const std::string& text) const;
  void value(const char* label, const json::Value& value) const;
  std::string took(const flow::Node& node);

  Style style_;
  const Clock& clock_;
  std::unordered_map<const flow::Node*, uint64_t> began_us_;
};

}  // namespace penstock::executor
