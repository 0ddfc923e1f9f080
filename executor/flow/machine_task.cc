#include "executor/flow/machine.h"
#include "proto/limits.h"

namespace penstock::flow {

void Machine::push(Strand& strand, const Node& node, Instance& instance, json::Value input,
                   uint32_t base) {
  Frame& frame = strand.frames.emplace_back();
  frame.node = &node;
  frame.instance = &instance;
  frame.raw_input = std::move(input);
  frame.base = base;
}

// From the raw input to the beginning of the body.
void Machine::enter(Strand& strand) {
  Frame& frame = strand.frames.back();
  const Node& node = *frame.node;
  frame.started_ms = now_ms_;
  if (strand.frames.size() > limits::flow_depth_max) {
    return fail(strand, Error::of(ErrorKind::kRuntime, "tasks are nested more than " +
                                                           std::to_string(limits::flow_depth_max) +
                                                           " deep"));
  }
  if (node.guard) {
    const std::optional<bool> wanted = test(strand, *node.guard, frame.raw_input, "if");
    if (!wanted) return;
    if (!*wanted) return skip(strand);
  }
  frame.trace = traces_.begin(node, now_ms_);
  if (node.timeout) {
    const std::optional<uint64_t> after = duration(strand, *node.timeout, "timeout");
    if (!after) return;
    frame.timer = ask_timer(strand, Purpose::kTimeout, *after);
  }
  if (!valid(strand, node.input.schema.get(), frame.raw_input, "input")) return;
  if (node.input.expression) {
    std::optional<json::Value> input =
        evaluate(strand, *node.input.expression, frame.raw_input, "input.from");
    if (!input) return;
    frame.input = std::move(*input);
  } else {
    frame.input = frame.raw_input;
  }
  if (info_.observer) info_.observer->task_began(node, frame.input);
  frame.stage = Stage::kBody;
  begin_extended(strand);
}

void Machine::skip(Strand& strand) {
  Frame& frame = strand.frames.back();
  frame.trace = traces_.begin(*frame.node, now_ms_);
  json::Value value = std::move(frame.raw_input);
  pop(strand, TaskStatus::kSkipped);
  deliver(strand, std::move(value), Directive());
}

void Machine::begin(Strand& strand) {
  Frame& frame = strand.frames.back();
  const Node& node = *frame.node;
  switch (node.kind()) {
    case TaskKind::kDo:
      return start_list(strand, std::get<DoBody>(node.body).tasks, frame.input);
    case TaskKind::kSet: {
      const Template& value = std::get<SetBody>(node.body).value;
      if (auto made = evaluate(strand, value, frame.input, "set")) done(strand, std::move(*made));
      return;
    }
    case TaskKind::kSwitch:
      return begin_switch(strand);
    case TaskKind::kFor:
      return begin_for(strand);
    case TaskKind::kTry:
      return begin_try(strand);
    case TaskKind::kRaise:
      return begin_raise(strand);
    case TaskKind::kWait:
      return begin_wait(strand);
    case TaskKind::kCall:
      return begin_call(strand);
    case TaskKind::kFunction:
      return begin_function(strand);
    case TaskKind::kFork:
      return begin_fork(strand);
    case TaskKind::kEmit:
      return begin_emit(strand);
    case TaskKind::kListen:
      return begin_listen(strand);
    case TaskKind::kRun:
      return begin_run(strand);
  }
}

void Machine::done(Strand& strand, json::Value value) {
  Frame& frame = strand.frames.back();
  frame.value = std::move(value);
  frame.stage = Stage::kDone;
}

// From the raw output to the next task.
void Machine::complete_task(Strand& strand) {
  if (strand.frames.back().around == Around::kBody) {
    Frame& extended = strand.frames.back();
    extended.around = Around::kAfter;
    extended.kept = std::move(extended.value);
    return next_extension(strand);
  }
  if (!transform_output(strand) || !export_output(strand) || !reply(strand)) return;
  Frame& frame = strand.frames.back();
  if (info_.observer) info_.observer->task_ended(*frame.node, TaskStatus::kSucceeded, frame.value);
  const Directive directive = frame.then.value_or(frame.node->then);
  json::Value output = std::move(frame.value);
  pop(strand, TaskStatus::kSucceeded);
  deliver(strand, std::move(output), directive);
}

bool Machine::transform_output(Strand& strand) {
  Frame& frame = strand.frames.back();
  const Transform& output = frame.node->output;
  if (output.expression) {
    std::optional<json::Value> made =
        evaluate(strand, *output.expression, frame.value, "output.as");
    if (!made) return false;
    frame.value = std::move(*made);
  }
  return valid(strand, output.schema.get(), frame.value, "output");
}

bool Machine::export_output(Strand& strand) {
  Frame& frame = strand.frames.back();
  const Transform& exported = frame.node->exported;
  if (!exported.expression) return true;
  std::optional<json::Value> context =
      evaluate(strand, *exported.expression, frame.value, "export.as");
  if (!context || !valid(strand, exported.schema.get(), *context, "export")) return false;
  frame.instance->context = std::move(*context);
  return true;
}

/// What is wrong with an answer that was computed; "" when nothing is.
static std::string answer_fault(const json::Value& answer) {
  const json::Value status = answer.get("status"), headers = answer.get("headers");
  const json::Value type = answer.get("contentType");
  const int64_t number = status.is_null() ? 200 : status.as_integer().value_or(0);
  if (number < 200 || number > 599) return "status is a number from 200 to 599";
  if (!type.is_null() && !type.is_string()) return "contentType is a string";
  if (!headers.is_null() && !headers.is_object()) return "headers is an object";
  if (headers.size() > limits::reply_fields_max) return "too many headers";
  size_t bytes = 0;
  for (size_t i = 0; headers.is_object() && i < headers.size(); i++) {
    if (!headers.at(i).is_string()) return "headers are strings";
    bytes += headers.at(i).as_string().size();
  }
  return bytes > limits::reply_fields_bytes_max ? "the headers are too large" : "";
}

// Answers the caller, where the task says so; the workflow's own answer waits for its end. A
// workflow that is run by another one answers nobody.
bool Machine::reply(Strand& strand) {
  Frame& frame = strand.frames.back();
  if (!frame.node->reply || frame.instance != &own_) return true;
  std::optional<json::Value> answer =
      evaluate(strand, *frame.node->reply, frame.value, "metadata.penstock.reply");
  if (!answer) return false;
  if (const std::string fault = answer_fault(*answer); !fault.empty()) {
    fail(strand, Error::of(ErrorKind::kValidation, "metadata.penstock.reply: " + fault));
    return false;
  }
  if (frame.node == &own_.program->root) reply_ = std::move(*answer);
  else out_.push_back(Reply{std::move(*answer)});
  return true;
}

// Takes the top frame off with all that it asked for.
void Machine::pop(Strand& strand, TaskStatus status) {
  Frame& frame = strand.frames.back();
  if (frame.timer) drop(frame.timer);
  if (frame.waits_for) drop(frame.waits_for);
  if (auto* state = std::get_if<std::unique_ptr<TryState>>(&frame.state)) {
    if ((*state)->attempt_timer) drop((*state)->attempt_timer);
  }
  traces_.end(frame.trace, status, frame.attempts, now_ms_);
  const size_t locals = frame.base + frame.node->locals;
  if (strand.locals.size() > locals) strand.locals.resize(locals);
  const bool leaves = frame.instance != &own_ && frame.node == &frame.instance->program->root;
  if (leaves) inner_.erase(frame.instance);
  strand.frames.pop_back();
}

// A task's output goes to the task or the strand around it.
void Machine::deliver(Strand& strand, json::Value value, Directive directive) {
  if (strand.frames.empty()) return strand_done(strand, std::move(value));
  Frame& frame = strand.frames.back();
  if (frame.stage != Stage::kList) return done(strand, std::move(value));  // a function, a workflow
  frame.value = std::move(value);
  switch (directive.kind) {
    case Directive::Kind::kContinue:
      frame.at++;
      break;
    case Directive::Kind::kTask:
      frame.at = directive.task;
      break;
    case Directive::Kind::kExit:
      if (frame.around == Around::kBefore) {  // in place of the task
        frame.around = Around::kOver;
        json::Value output = std::move(frame.value);
        return done(strand, std::move(output));
      }
      frame.at = static_cast<uint32_t>(frame.list->size());
      break;
    case Directive::Kind::kEnd: {
      json::Value output = std::move(frame.value);
      end_instance(strand, std::move(output));
      break;
    }
  }
}

}  // namespace penstock::flow
