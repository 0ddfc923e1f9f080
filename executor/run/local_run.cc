#include "executor/run/local_run.h"

#include <algorithm>

namespace penstock::executor {

static constexpr Performer::RunNumber kOnlyRun = 1;

LocalRun::LocalRun(flow::ProgramPtr program, json::Value input, LocalRunOptions options)
    : options_(std::move(options)) {
  uv_loop_init(&loop_);
  runner_.set_sandbox(&sandbox_);
  performer_ = std::make_unique<Performer>(
      &loop_, clock_, CallerOptions{options_.http, options_.chat, {options_.allow_run}, true});
  flow::RunInfo info;
  info.id = IdGenerator(clock_).next();
  info.input = std::move(input);
  info.secrets = options_.secrets;
  info.runner = &runner_;
  info.observer = options_.observer;
  machine_ = std::make_unique<flow::Machine>(std::move(program), std::move(info));
}

LocalRun::~LocalRun() {
  machine_.reset();
  performer_.reset();
  uv_run(&loop_, UV_RUN_DEFAULT);  // lets the closed handles go
  uv_loop_close(&loop_);
}

LocalResult LocalRun::run() {
  perform(machine_->start(clock_.wall_ms(), {}));
  while (!result_) step();
  result_->tasks = machine_->traces();
  return std::move(*result_);
}

void LocalRun::step() {
  performer_->turn();
  performer_->take_pieces();  // nobody reads along
  for (Performer::Answer& answer : performer_->take_answers()) {
    answers_.push_back({answer.ordinal, std::move(answer.result)});
  }
  const bool busy = yielded_ || !answers_.empty() || !stored_.empty() || performer_->has_answers();
  if (!busy) {
    if (const auto due_ms = performer_->only_timer_ms(); options_.skip_waits && due_ms) {
      return clock_.skip_to(*due_ms);
    }
    const bool alive = uv_run(&loop_, UV_RUN_ONCE) != 0;
    stuck_ = alive || performer_->has_work() ? 0 : stuck_ + 1;
    if (stuck_ > 1) give_up();
    return;
  }
  stuck_ = 0;
  for (const uint32_t sequence : std::exchange(stored_, {})) perform(machine_->stored(sequence));
  for (Pending& pending : std::exchange(answers_, {})) {
    perform(machine_->complete(pending.ordinal, std::move(pending.result), clock_.wall_ms()));
  }
  if (std::exchange(yielded_, false)) perform(machine_->resume());
}

// Nothing is under way that could bring the run on: it listens for what nobody sends.
void LocalRun::give_up() {
  result_ = std::make_unique<LocalResult>();
  result_->error = flow::Error::of(
      flow::ErrorKind::kRuntime,
      "the workflow waits for an event that nobody sends; give it one with --event");
}

void LocalRun::perform(flow::Effects effects) {
  for (flow::Effect& effect : effects) perform(std::move(effect));
}

void LocalRun::perform(flow::Effect effect) {
  if (auto* call = std::get_if<flow::Call>(&effect)) {
    performer_->call(kOnlyRun, machine_->info().id.text(), *call);
  } else if (auto* timer = std::get_if<flow::Timer>(&effect)) {
    performer_->timer(kOnlyRun, *timer);
  } else if (auto* cancel = std::get_if<flow::Cancel>(&effect)) {
    performer_->cancel(kOnlyRun, cancel->ordinal);
    std::erase(listeners_, cancel->ordinal);
  } else if (auto* journal = std::get_if<flow::Journal>(&effect)) {
    stored_.push_back(journal->sequence);
  } else if (auto* emit = std::get_if<flow::Emit>(&effect)) {
    answers_.push_back({emit->ordinal, json::Value()});
    publish(emit->event);
  } else if (auto* listen = std::get_if<flow::Listen>(&effect)) {
    listeners_.push_back(listen->ordinal);
    for (const json::Value& event : options_.events) {
      answers_.push_back({listen->ordinal, flow::Heard{event}});
    }
  } else if (auto* wanted = std::get_if<flow::LoadWorkflow>(&effect)) {
    load(*wanted);
  } else if (auto* finish = std::get_if<flow::Finish>(&effect)) {
    result_ = std::make_unique<LocalResult>();
    result_->succeeded = finish->succeeded;
    result_->output = std::move(finish->output);
    result_->error = std::move(finish->error);
  } else if (std::holds_alternative<flow::Yield>(effect)) {
    yielded_ = true;
  }
}

void LocalRun::publish(const json::Value& event) {
  for (const flow::Ordinal ordinal : listeners_) answers_.push_back({ordinal, flow::Heard{event}});
}

void LocalRun::load(const flow::LoadWorkflow& wanted) {
  auto found = options_.others.find(wanted.name);
  const bool fits = found != options_.others.end() &&
                    (wanted.version.empty() || wanted.version == found->second->version);
  if (fits) {
    answers_.push_back({wanted.ordinal, flow::Loaded{found->second, found->second->version}});
    return;
  }
  answers_.push_back(
      {wanted.ordinal, flow::Error::of(flow::ErrorKind::kConfiguration,
                                       "there is no workflow '" + wanted.name + "' " +
                                           wanted.version + "; name its file with --with")});
}

}  // namespace penstock::executor
