#include "executor/flow/machine.h"

namespace penstock::flow {

// Extensions neither see nor change what flows through the task, but for one thing: `then: exit`
// before it puts a value in the task's place.
void Machine::begin_extended(Strand& strand) {
  Frame& frame = strand.frames.back();
  if (frame.node->extensions.empty()) return begin(strand);
  frame.around = Around::kBefore;
  next_extension(strand);
}

// Begins the next extension that has something to do on this side of the task, or goes on.
void Machine::next_extension(Strand& strand) {
  Frame& frame = strand.frames.back();
  const bool before = frame.around == Around::kBefore;
  const std::vector<ExtensionPtr>& all = frame.node->extensions;
  for (; frame.extension < all.size(); frame.extension++) {
    const Extension& one = *all[frame.extension];
    const TaskList& tasks = before ? one.before : one.after;
    if (tasks.empty() || !extends(strand, one)) continue;
    return start_list(strand, tasks, before ? frame.input : frame.kept);
  }
  frame.extension = 0;
  if (before) {
    frame.around = Around::kBody;
    frame.stage = Stage::kBody;
    return begin(strand);
  }
  frame.around = Around::kOver;
  done(strand, std::move(frame.kept));
}

void Machine::extension_done(Strand& strand) {
  strand.frames.back().extension++;
  next_extension(strand);
}

bool Machine::extends(const Strand& strand, const Extension& extension) const {
  if (!extension.when) return true;
  const Result<json::Value> value =
      evaluate_for(strand, *extension.when, strand.frames.back().input);
  return value && value->truthy();
}

}  // namespace penstock::flow
