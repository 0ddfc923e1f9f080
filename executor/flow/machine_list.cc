#include "executor/flow/machine.h"

namespace penstock::flow {

void Machine::start_list(Strand& strand, const TaskList& list, json::Value value) {
  Frame& frame = strand.frames.back();
  frame.list = &list;
  frame.at = 0;
  frame.value = std::move(value);
  frame.stage = Stage::kList;
}

void Machine::next_task(Strand& strand) {
  Frame& frame = strand.frames.back();
  if (frame.at >= frame.list->size()) return list_done(strand);
  const Node& node = *(*frame.list)[frame.at];
  Instance& instance = *frame.instance;
  const uint32_t base =
      frame.in_extension() ? static_cast<uint32_t>(strand.locals.size()) : frame.base;
  json::Value input = std::move(frame.value);
  push(strand, node, instance, std::move(input), base);  // `frame` is gone from here on
}

void Machine::list_done(Strand& strand) {
  Frame& frame = strand.frames.back();
  if (frame.in_extension()) return extension_done(strand);
  switch (frame.node->kind()) {
    case TaskKind::kFor:
      return iterate(strand);
    case TaskKind::kListen:
      return event_handled(strand);
    case TaskKind::kTry: {
      const auto& body = std::get<TryBody>(frame.node->body);
      const auto* state = std::get_if<std::unique_ptr<TryState>>(&frame.state);
      if (state && (*state)->handling && body.then) frame.then = *body.then;
      frame.stage = Stage::kDone;
      return;
    }
    default:
      frame.stage = Stage::kDone;
      return;
  }
}

void Machine::begin_switch(Strand& strand) {
  Frame& frame = strand.frames.back();
  for (const SwitchCase& one : std::get<SwitchBody>(frame.node->body).cases) {
    if (one.when) {
      const std::optional<bool> matches = test(strand, *one.when, frame.input, "when");
      if (!matches) return;
      if (!*matches) continue;
    }
    frame.then = one.then;
    break;
  }
  done(strand, frame.input);
}

void Machine::begin_for(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<ForBody>(frame.node->body);
  std::optional<json::Value> items = evaluate(strand, body.in, frame.input, "for.in");
  if (!items) return;
  if (!items->is_array()) {
    return fail(strand, Error::of(ErrorKind::kExpression,
                                  "for.in gave " + std::string(json::kind_name(items->kind())) +
                                      ", not an array"));
  }
  frame.state = ForState{std::move(*items), 0};
  frame.value = frame.input;
  iterate(strand);
}

// Begins the next iteration, or ends the loop. Only the current value is kept, however many.
void Machine::iterate(Strand& strand) {
  Frame& frame = strand.frames.back();
  auto& loop = std::get<ForState>(frame.state);
  const auto& body = std::get<ForBody>(frame.node->body);
  if (loop.index >= loop.items.size()) {
    frame.stage = Stage::kDone;
    return;
  }
  const auto index = static_cast<int64_t>(loop.index);
  set_locals(strand, loop.items.at(loop.index++), json::Value::integer(index));
  if (body.while_) {
    const std::optional<bool> more = test(strand, *body.while_, frame.value, "while");
    if (!more) return;
    if (!*more) {
      frame.stage = Stage::kDone;
      return;
    }
  }
  frame.list = &body.tasks;
  frame.at = 0;
  frame.stage = Stage::kList;
}

// The variables that the top frame's task gives to the tasks within it.
void Machine::set_locals(Strand& strand, json::Value first, std::optional<json::Value> second) {
  const Frame& frame = strand.frames.back();
  strand.locals.resize(frame.base + frame.node->locals);
  strand.locals.push_back(std::move(first));
  if (second) strand.locals.push_back(std::move(*second));
}

// `then: end`: the whole workflow is done, from however deep within.
void Machine::end_instance(Strand& strand, json::Value value) {
  const Instance* instance = strand.frames.back().instance;
  Strand* at = &strand;
  for (;;) {
    while (!at->frames.empty() && at->frames.back().node != &instance->program->root) {
      pop(*at, TaskStatus::kCancelled);
    }
    if (!at->frames.empty() || at->parent == kNoStrand) break;
    Strand& parent = strands_[at->parent];
    kill_branches(parent);
    at = &parent;
    enqueue(*at);
  }
  if (!at->frames.empty()) done(*at, std::move(value));
}

}  // namespace penstock::flow
