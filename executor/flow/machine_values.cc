#include "executor/flow/machine.h"
#include "executor/flow/time.h"
#include "proto/limits.h"

namespace penstock::flow {

// What an expression in the frame's task sees.
class FrameScope final : public Scope {
 public:
  FrameScope(const Machine& machine, const Strand& strand, const Frame& frame)
      : machine_(machine), strand_(strand), frame_(frame) {}

  json::Value global(Global which) const override {
    return machine_.global(which == Global::kTask ? task() : frame_, which);
  }
  json::Value local(uint32_t slot) const override {
    const size_t at = frame_.base + slot;
    return at < strand_.locals.size() ? strand_.locals[at] : json::Value();
  }
  uint64_t now_ms() const override { return machine_.now_ms_; }
  jq::Runner& runner() const override { return *machine_.info_.runner; }

 private:
  // Within an extension $task is the task that it extends.
  const Frame& task() const {
    for (size_t i = static_cast<size_t>(&frame_ - strand_.frames.data()); i-- > 0;) {
      if (strand_.frames[i].in_extension()) return strand_.frames[i];
    }
    return frame_;
  }

  const Machine& machine_;
  const Strand& strand_;
  const Frame& frame_;
};

// Evaluates for the top frame; nullopt: it failed, and the error is on its way.
std::optional<json::Value> Machine::evaluate(Strand& strand, const Template& part,
                                             const json::Value& dot, std::string_view field) {
  if (const json::Value* literal = part.literal()) return *literal;
  Result<json::Value> value = part.evaluate(dot, FrameScope(*this, strand, strand.frames.back()));
  if (value) return std::move(*value);
  fail(strand,
       Error::of(ErrorKind::kExpression, std::string(field) + ": " + value.status().message()));
  return std::nullopt;
}

std::optional<bool> Machine::test(Strand& strand, const Expression& condition,
                                  const json::Value& dot, std::string_view field) {
  Result<json::Value> value = evaluate_for(strand, condition, dot);
  if (value) return value->truthy();
  fail(strand,
       Error::of(ErrorKind::kExpression, std::string(field) + ": " + value.status().message()));
  return std::nullopt;
}

Result<json::Value> Machine::evaluate_for(const Strand& strand, const Expression& expression,
                                          const json::Value& dot) const {
  return evaluate_in(strand, strand.frames.back(), expression, dot);
}

Result<json::Value> Machine::evaluate_in(const Strand& strand, const Frame& frame,
                                         const Expression& expression,
                                         const json::Value& dot) const {
  return expression.evaluate(dot, FrameScope(*this, strand, frame));
}

Result<uint64_t> Machine::duration_for(const Strand& strand, const Duration& duration) const {
  const Frame& frame = strand.frames.back();
  const json::Value& dot = frame.stage == Stage::kEnter ? frame.raw_input : frame.input;
  return duration.evaluate(dot, FrameScope(*this, strand, frame));
}

// The same for any frame, and no error comes of it.
std::optional<json::Value> Machine::quiet(const Strand& strand, const Frame& frame,
                                          const Template& part, const json::Value& dot) const {
  Result<json::Value> value = part.evaluate(dot, FrameScope(*this, strand, frame));
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

bool Machine::valid(Strand& strand, const Schema* schema, const json::Value& value,
                    std::string_view field) {
  if (!schema) return true;
  const std::optional<std::string> complaint = schema->check(value);
  if (!complaint) return true;
  fail(strand, Error::of(ErrorKind::kValidation, std::string(field) + ": " + *complaint));
  return false;
}

std::optional<uint64_t> Machine::duration(Strand& strand, const Duration& duration,
                                          std::string_view field) {
  Result<uint64_t> ms = duration_for(strand, duration);
  if (ms) return *ms;
  fail(strand,
       Error::of(ErrorKind::kExpression, std::string(field) + ": " + ms.status().message()));
  return std::nullopt;
}

json::Value Machine::global(const Frame& frame, Global which) const {
  switch (which) {
    case Global::kContext:
      return frame.instance->context;
    // Before the body there is no transformed input yet.
    case Global::kInput:
      return frame.stage == Stage::kEnter ? frame.raw_input : frame.input;
    case Global::kOutput:
      return frame.value;
    case Global::kTask:
      return task_value(frame);
    case Global::kWorkflow:
      return workflow_value(*frame.instance);
    case Global::kSecrets:
      return secrets_value(*frame.instance);
    case Global::kRuntime: {
      json::Value runtime = json::Value::object();
      runtime.set("name", json::Value::string("penstock"));
      runtime.set("version", json::Value::string(PENSTOCK_VERSION));
      runtime.set("metadata", json::Value::object());
      return runtime;
    }
    case Global::kAuthorization:
    case Global::kCount_:
      break;
  }
  return json::Value();
}

json::Value Machine::task_value(const Frame& frame) const {
  const Node& node = *frame.node;
  json::Value task = json::Value::object();
  task.set("name", json::Value::string(node.name));
  task.set("reference", json::Value::string(node.reference));
  task.set("definition", node.definition);
  task.set("with", node.definition.get("with"));  // as the examples read it
  task.set("input", frame.raw_input);
  task.set("output", frame.stage == Stage::kDone ? frame.value : json::Value());
  task.set("startedAt", moment(frame.started_ms));
  return task;
}

json::Value Machine::workflow_value(const Instance& instance) const {
  json::Value workflow = json::Value::object();
  workflow.set("id", json::Value::string(info_.id.text()));
  workflow.set("definition", instance.program->definition);
  workflow.set("input", instance.input);
  workflow.set("startedAt", moment(instance.started_ms));
  return workflow;
}

json::Value Machine::secrets_value(const Instance& instance) const {
  json::Value secrets = json::Value::object();
  for (const std::string& name : instance.program->secrets) {
    if (const auto secret = info_.secrets.find(name)) secrets.set(name, *secret);
  }
  return secrets;
}

}  // namespace penstock::flow
