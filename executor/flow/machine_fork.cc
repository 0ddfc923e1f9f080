#include "executor/flow/machine.h"
#include "proto/limits.h"

namespace penstock::flow {

void Machine::begin_fork(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<ForkBody>(frame.node->body);
  if (body.branches.empty()) return done(strand, frame.input);
  if (strands_.size() - free_strands_.size() + body.branches.size() > limits::flow_branches_max) {
    return fail(strand, Error::of(ErrorKind::kRuntime,
                                  "more than " + std::to_string(limits::flow_branches_max) +
                                      " branches at once"));
  }
  auto state = std::make_unique<ForkState>();
  state->left = body.branches.size();
  state->outputs.resize(body.branches.size());
  frame.stage = Stage::kWait;
  for (uint32_t i = 0; i < body.branches.size(); i++) {
    Strand& branch = spawn(strand.id, i);
    const auto first = strand.locals.begin() + frame.base;
    branch.locals.assign(first, first + frame.node->locals);
    push(branch, *body.branches[i], *frame.instance, frame.input, 0);
    state->strands.push_back(branch.id);
    enqueue(branch);
  }
  frame.state = std::move(state);
}

// Ends the branches that are still under way, if the strand's top frame is a fork.
void Machine::kill_branches(Strand& parent) {
  if (parent.frames.empty()) return;
  auto* state = std::get_if<std::unique_ptr<ForkState>>(&parent.frames.back().state);
  if (!state) return;
  const std::vector<uint32_t> branches = std::exchange((*state)->strands, {});
  for (const uint32_t id : branches) {
    if (id != kNoStrand) kill(id);
  }
}

void Machine::fork_done(Strand& parent, json::Value output) {
  kill_branches(parent);
  done(parent, std::move(output));
  enqueue(parent);
}

void Machine::branch_done(Strand& strand, json::Value output) {
  Strand& parent = strands_[strand.parent];
  const auto& body = std::get<ForkBody>(parent.frames.back().node->body);
  ForkState& state = *std::get<std::unique_ptr<ForkState>>(parent.frames.back().state);
  state.strands[strand.branch] = kNoStrand;
  if (body.compete) return fork_done(parent, std::move(output));
  state.outputs[strand.branch] = std::move(output);
  if (--state.left > 0) return;
  json::Value all = json::Value::array();
  all.reserve(state.outputs.size());
  for (json::Value& one : state.outputs) all.push_back(std::move(one));
  fork_done(parent, std::move(all));
}

// One failed branch fails the fork; of competing ones only the last to fail does.
void Machine::branch_failed(Strand& strand, Error error) {
  Strand& parent = strands_[strand.parent];
  const auto& body = std::get<ForkBody>(parent.frames.back().node->body);
  ForkState& state = *std::get<std::unique_ptr<ForkState>>(parent.frames.back().state);
  state.strands[strand.branch] = kNoStrand;
  if (!state.first_error) state.first_error = std::move(error);
  if (body.compete && --state.left > 0) return;
  Error raised = std::move(*state.first_error);
  kill_branches(parent);
  enqueue(parent);
  fail(parent, std::move(raised));
}

}  // namespace penstock::flow
