// jq, compiled once and run many times, within a budget: everything of jq 1.6's language but
// modules and input (see README.md beside this for where we differ on purpose).
//
// Lifecycle: compile() a text, keep the program, run() it on inputs. A Runner keeps its tables
// between runs and is what those who run often should hold.
// Thread: one; programs and values share plain reference counts.
// Limitations: regular expressions are RE2's; look-around and back-references need tier 2, and the
// pattern written out in the program. No modules, no input/inputs, and the environment is empty.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "executor/json/value.h"
#include "proto/limits.h"
#include "proto/status.h"

namespace penstock::jq {

class Program;
class Sandbox;
using ProgramPtr = std::shared_ptr<const Program>;

/// What one run may use. A breach ends it with an error that `try` cannot catch.
struct Budget {
  uint64_t steps = limits::jq_steps_max;
  size_t depth = limits::jq_depth_max;                ///< calls within calls
  size_t memory_bytes = limits::jq_memory_bytes_max;  ///< of values alive at once, beyond the input
  size_t value_bytes = limits::jq_value_bytes_max;    ///< of one value, when written
  size_t outputs = limits::jq_outputs_max;
};

/// What `now` says; unset: the machine's clock.
struct Options {
  Budget budget;
  std::optional<double> now_s;
};

/// Why a run ended early.
struct Error {
  json::Value value;  ///< what `error(…)` was given; a breach's is its message
  std::string limit;  ///< not empty: the budget's limit that was hit, e.g. "steps"

  /// A sentence for people.
  std::string message() const;
};

/// What came out, up to the error if there was one.
struct Outcome {
  std::vector<json::Value> outputs;
  std::optional<Error> error;
  uint64_t steps = 0;
};

/// Compiles a program. `variables` are the names it may use beyond its own, without the '$'.
/// Fault kInvalid says line, column and what was expected; kFull names a bound.
Result<ProgramPtr> compile(std::string_view text, std::span<const std::string> variables = {});

/// 1: runs here. 2: needs libjq's regular expressions, so it runs in a Sandbox, in milliseconds
/// instead of microseconds.
int tier(const Program& program);

/// Runs programs one after the other, reusing its tables.
class Runner {
 public:
  Runner();
  ~Runner();
  Runner(Runner&&) noexcept;
  Runner& operator=(Runner&&) noexcept;

  /// Where programs of tier 2 run; nullptr: they fail. Must outlive the runner.
  void set_sandbox(Sandbox* sandbox) { sandbox_ = sandbox; }

  /// All outputs. `variables` stand in the order of compile()'s names.
  Outcome run(const Program& program, json::Value input,
              std::span<const json::Value> variables = {}, const Options& options = {});
  /// The first output only; null when there is none.
  Result<json::Value> first(const Program& program, json::Value input,
                            std::span<const json::Value> variables = {},
                            const Options& options = {});

 private:
  Outcome run_some(const Program& program, json::Value input,
                   std::span<const json::Value> variables, const Options& options,
                   size_t outputs_wanted);

  std::unique_ptr<class Machine> machine_;
  Sandbox* sandbox_ = nullptr;
};

/// One run with a Runner of its own.
Outcome run(const Program& program, json::Value input, std::span<const json::Value> variables = {},
            const Options& options = {});
/// The first output of one run; null when there is none. Fault: kInvalid with the error's message,
/// kFull for a breach.
Result<json::Value> first(const Program& program, json::Value input,
                          std::span<const json::Value> variables = {}, const Options& options = {});

}  // namespace penstock::jq
