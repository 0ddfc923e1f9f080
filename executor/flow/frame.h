// Where a run stands: strands (one, and one for each branch of a fork), each a stack of frames, a
// frame being a task under way. Plain data of Machine; nothing else touches it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "executor/flow/effect.h"
#include "executor/flow/node.h"
#include "executor/json/value.h"

namespace penstock::flow {

/// A workflow under way: the run's own, or one that it runs inside.
struct Instance {
  ProgramPtr program;
  json::Value input;  ///< as it came
  json::Value context = json::Value::object();
  uint64_t started_ms = 0;
};

struct ForState {
  json::Value items;
  size_t index = 0;
};

struct TryState {
  bool handling = false;  ///< in catch.do: what goes wrong there is not caught here
  uint64_t retries = 0;
  uint64_t first_failure_ms = 0;
  Ordinal attempt_timer = 0;
};

struct ForkState {
  std::vector<uint32_t> strands;  ///< by branch; kNoStrand once ended
  std::vector<json::Value> outputs;
  size_t left = 0;
  std::optional<Error> first_error;
};

struct ListenState {
  std::vector<json::Value> events;                            ///< consumed, as they are read
  std::vector<bool> matched;                                  ///< by filter, for kAll
  std::vector<std::pair<std::string, json::Value>> expected;  ///< correlations, once known
  std::vector<json::Value> outputs;                           ///< of foreach
  size_t next = 0;                                            ///< event that foreach takes next
  bool over = false;                                          ///< no more events are wanted
};

enum class Stage : uint8_t {
  kEnter,  // guard and input
  kBody,   // the input is there, the body begins
  kList,   // runs tasks of `list` from `at` on
  kWait,   // for an effect, or for the branches of a fork
  kDone,   // `value` is the raw output; output, export, then the next task
};

/// Where a task stands among the extensions around it.
enum class Around : uint8_t { kNone, kBefore, kBody, kAfter, kOver };

struct Frame {
  const Node* node;
  Instance* instance;
  json::Value raw_input;
  json::Value input;       ///< transformed
  json::Value value = {};  ///< of a list: what goes from task to task; then the raw output
  const TaskList* list = nullptr;
  uint32_t at = 0;
  uint32_t base = 0;  ///< where its locals begin
  uint64_t started_ms = 0;
  uint64_t trace = 0;
  Ordinal timer = 0;                   ///< its timeout; 0: none
  Ordinal waits_for = 0;               ///< the effect that kWait waits for; 0: none
  std::optional<Directive> then = {};  ///< instead of the node's own
  Stage stage = Stage::kEnter;
  uint32_t attempts = 1;
  Around around = Around::kNone;
  uint32_t extension = 0;  ///< the one under way
  json::Value kept = {};   ///< its raw output, while extensions run after it
  std::variant<std::monostate, ForState, std::unique_ptr<TryState>, std::unique_ptr<ForkState>,
               std::unique_ptr<ListenState>>
      state = {};

  /// `list` is an extension's, not the task's own.
  bool in_extension() const { return around == Around::kBefore || around == Around::kAfter; }
};

inline constexpr uint32_t kNoStrand = UINT32_MAX;

struct Strand {
  uint32_t id = 0;
  uint32_t parent = kNoStrand;  ///< whose top frame is the fork
  uint32_t branch = 0;
  bool live = true;
  bool queued = false;  ///< in the run queue
  std::vector<Frame> frames;
  std::vector<json::Value> locals;
};

}  // namespace penstock::flow
