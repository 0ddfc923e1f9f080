#include "executor/flow/machine.h"
#include "executor/flow/time.h"

namespace penstock::flow {

void Machine::begin_wait(Strand& strand) {
  Frame& frame = strand.frames.back();
  const std::optional<uint64_t> ms =
      duration(strand, std::get<WaitBody>(frame.node->body).duration, "wait");
  if (!ms) return;
  if (*ms == 0) return done(strand, frame.input);
  frame.stage = Stage::kWait;
  frame.waits_for = ask_timer(strand, Purpose::kTask, *ms);
}

void Machine::begin_call(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<CallBody>(frame.node->body);
  std::optional<json::Value> with = evaluate(strand, body.with, frame.input, "with");
  if (!with) return;
  frame.stage = Stage::kWait;
  Call call{last_ordinal_ + 1, &body,
            frame.node,        frame.input,
            std::move(*with),  secrets_value(*frame.instance)};
  ask(strand, Purpose::kTask, std::move(call));
}

void Machine::begin_function(Strand& strand) {
  const Frame& frame = strand.frames.back();
  const auto& body = std::get<FunctionBody>(frame.node->body);
  std::optional<json::Value> with = evaluate(strand, body.with, frame.input, "with");
  if (!with) return;
  json::Value arguments = with->is_null() ? frame.input : std::move(*with);
  Instance& instance = *frame.instance;
  strand.frames.back().stage = Stage::kWait;  // until what is called is done
  push(strand, *body.target, instance, std::move(arguments),
       static_cast<uint32_t>(strand.locals.size()));
}

void Machine::begin_emit(Strand& strand) {
  Frame& frame = strand.frames.back();
  std::optional<json::Value> event =
      evaluate(strand, std::get<EmitBody>(frame.node->body).event, frame.input, "emit.event.with");
  if (!event) return;
  const Program& program = *frame.instance->program;
  const auto put = [&event](std::string_view key, std::string text) {
    if (!event->find(key)) event->set(key, json::Value::string(std::move(text)));
  };
  put("specversion", "1.0");
  put("id", info_.id.text() + "-" + std::to_string(last_ordinal_ + 1));
  put("time", rfc3339(now_ms_));
  put("source", "https://penstock.local/workflows/" + program.space + "/" + program.name);
  if (event->find("data")) put("datacontenttype", "application/json");
  frame.value = *event;
  frame.stage = Stage::kWait;
  ask(strand, Purpose::kTask, Emit{last_ordinal_ + 1, std::move(*event)});
}

void Machine::begin_run(Strand& strand) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<RunBody>(frame.node->body);
  std::optional<json::Value> input =
      evaluate(strand, body.input, frame.input, "run.workflow.input");
  if (!input) return;
  std::optional<json::Value> catalog;
  if (body.catalog) {
    catalog = evaluate(strand, body.catalog->with, frame.input, "use.catalogs");
    if (!catalog) return;
  }
  frame.value = std::move(*input);  // until the workflow is there
  frame.stage = Stage::kWait;
  const Ordinal ordinal = last_ordinal_ + 1;
  if (catalog) {
    Call call{ordinal,     &*body.catalog,      frame.node,
              frame.input, std::move(*catalog), secrets_value(*frame.instance)};
    ask(strand, Purpose::kTask, std::move(call));
    return;
  }
  ask(strand, Purpose::kTask, LoadWorkflow{ordinal, body.name, body.version});
}

// The workflow that the top frame wants to run is there.
void Machine::loaded(Strand& strand, Loaded loaded) {
  Frame& frame = strand.frames.back();
  const auto& body = std::get<RunBody>(frame.node->body);
  json::Value input = std::move(frame.value);
  auto kept = std::make_unique<Instance>();
  Instance& instance = *kept;
  inner_.emplace(&instance, std::move(kept));
  programs_.insert(loaded.program);
  instance.program = std::move(loaded.program);
  instance.input = input;
  instance.started_ms = now_ms_;
  if (body.await) {
    push(strand, instance.program->root, instance, std::move(input),
         static_cast<uint32_t>(strand.locals.size()));
    return;
  }
  detached_++;
  Strand& apart = spawn(kNoStrand, 0);
  push(apart, instance.program->root, instance, std::move(input), 0);
  enqueue(apart);
  done(strand, frame.input);
}

}  // namespace penstock::flow
