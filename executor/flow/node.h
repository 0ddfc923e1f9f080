// The compiled form of a workflow: a tree of task nodes with their expressions compiled and their
// names and directives resolved. Made once per workflow version by compiler.h, then immutable and
// shared by all its runs on the thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "executor/flow/error.h"
#include "executor/flow/expression.h"
#include "executor/flow/schema.h"
#include "executor/flow/template.h"
#include "executor/json/value.h"

namespace penstock::flow {

struct Node;
using NodePtr = std::unique_ptr<const Node>;
using TaskList = std::vector<NodePtr>;

/// Where to go on when a task is done.
struct Directive {
  enum class Kind : uint8_t { kContinue, kExit, kEnd, kTask };
  Kind kind = Kind::kContinue;
  uint32_t task = 0;  ///< kTask: its position in the same list
};

/// What happens to data on its way into or out of a task.
struct Transform {
  std::shared_ptr<const Schema> schema;
  std::optional<Template> expression;
};

/// A span of time, perhaps computed.
struct Duration {
  uint64_t ms = 0;
  std::optional<Template> computed;  ///< gives the object form or ISO 8601 text

  /// kInvalid: not a duration.
  Result<uint64_t> evaluate(const json::Value& dot, const Scope& scope) const;
  /// Milliseconds of `value` in either form.
  static Result<uint64_t> of(const json::Value& value);
};

// --- What the kinds of task do ---

struct DoBody {
  TaskList tasks;
};
struct SetBody {
  Template value;
};
struct SwitchCase {
  std::optional<Expression> when;  ///< none: the default
  Directive then;
};
struct SwitchBody {
  std::vector<SwitchCase> cases;
};
struct ForBody {
  Template in;
  std::optional<Expression> while_;
  TaskList tasks;
};
struct RetryPolicy {
  enum class Backoff : uint8_t { kConstant, kLinear, kExponential };
  std::optional<Expression> when, except_when;
  std::optional<Duration> delay, attempt_limit, total_limit, jitter_from, jitter_to;
  std::optional<uint64_t> attempts_max;  ///< retries, not counting the first try
  Backoff backoff = Backoff::kConstant;
};
struct TryBody {
  TaskList tasks;
  json::Value filter;  ///< errors.with; null: any
  std::optional<Expression> when, except_when;
  std::shared_ptr<const RetryPolicy> retry;
  std::optional<TaskList> handler;  ///< catch.do
  std::optional<Directive> then;    ///< catch.then
};
struct RaiseBody {
  Template error;
};
struct WaitBody {
  Duration duration;
};
/// A call that the executor performs: http, openapi, …
struct CallBody {
  std::string kind;
  Template with;  ///< with the authentications that it names put in
};
/// A call of a function of the workflow's own.
struct FunctionBody {
  const Node* target = nullptr;  ///< owned by the Program; set once all functions are compiled
  std::string name;
  Template with;
};
struct ForkBody {
  TaskList branches;
  bool compete = false;
};
struct EmitBody {
  Template event;
};
/// One kind of event to wait for.
struct EventFilter {
  std::vector<std::pair<std::string, Template>> with;  ///< `data` may be a condition
  struct Correlation {
    std::string name;
    Expression from;
    std::optional<Template> expect;
  };
  std::vector<Correlation> correlate;
};
struct ListenBody {
  enum class Strategy : uint8_t { kOne, kAny, kAll };
  enum class Read : uint8_t { kData, kEnvelope, kRaw };
  Strategy strategy = Strategy::kOne;
  Read read = Read::kData;
  std::vector<EventFilter> filters;  ///< kAny without filters: every event
  std::optional<Expression> until;
  std::vector<EventFilter> until_events;
  std::optional<TaskList> foreach_;
  Transform each_output, each_export;
};
/// Another workflow, or a function of a catalog, which is run as one.
struct RunBody {
  std::string name, version;  ///< version empty: the newest
  Template input;
  bool await = true;
  std::optional<CallBody> catalog = {};  ///< gets the function; none: a workflow
};

/// In the order of Node::body's alternatives.
enum class TaskKind : uint8_t {
  kDo,
  kSet,
  kSwitch,
  kFor,
  kTry,
  kRaise,
  kWait,
  kCall,
  kFunction,
  kFork,
  kEmit,
  kListen,
  kRun,
};

/// Tasks of use.extensions that run around tasks of a kind.
struct Extension {
  std::string extends;             ///< the kind's word, or "all"
  std::optional<Expression> when;  ///< false, or an error: this task is not extended
  TaskList before, after;
};
using ExtensionPtr = std::shared_ptr<const Extension>;

struct Node {
  std::string name;
  std::string reference;            ///< JSON pointer into the definition; the workflow itself: ""
  json::Value definition;           ///< the task as it was written
  uint32_t locals = 0;              ///< how many local variables are visible to it
  std::optional<Expression> guard;  ///< `if`
  Transform input, output, exported;
  std::optional<Duration> timeout;
  std::optional<Template> reply;  ///< metadata.penstock.reply: what the caller is answered
  Directive then;
  std::vector<ExtensionPtr> extensions;  ///< those of its kind, in their order
  std::variant<DoBody, SetBody, SwitchBody, ForBody, TryBody, RaiseBody, WaitBody, CallBody,
               FunctionBody, ForkBody, EmitBody, ListenBody, RunBody>
      body;

  TaskKind kind() const { return static_cast<TaskKind>(body.index()); }
};

/// A workflow version, ready to run.
struct Program {
  std::string name, version, space;
  json::Value definition;
  Node root;  ///< the workflow as a `do` task
  std::unordered_map<std::string, NodePtr> functions;
  std::vector<std::string> secrets;  ///< the names it may use
  std::optional<ListenBody> starts;          ///< schedule.on
  std::optional<Duration> every, after;      ///< schedule's
  bool hold_effects = true;          ///< the next effect waits until the journal is on disk
};
using ProgramPtr = std::shared_ptr<const Program>;

}  // namespace penstock::flow
