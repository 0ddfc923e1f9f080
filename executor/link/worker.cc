#include "executor/link/worker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

#include "executor/flow/schedule.h"
#include "executor/link/outcome.h"
#include "executor/lint/lint.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

constexpr size_t kFrameBytesSoft = 8 * 1024 * 1024;  // begin another frame behind this

uint64_t rss_bytes() {
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/proc/self/statm", "r"), &std::fclose);
  unsigned long total = 0, resident = 0;
  if (!file || std::fscanf(file.get(), "%lu %lu", &total, &resident) != 2) return 0;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

flow::Error missing_workflow(const std::string& name) {
  return flow::Error::of(flow::ErrorKind::kConfiguration, "there is no workflow '" + name + "'");
}

}  // namespace

Worker::Worker(uv_loop_t* loop, const Clock& clock, WorkerOptions options)
    : clock_(clock),
      options_(std::move(options)),
      performer_(loop, clock, {options_.http, options_.chat, {options_.allow_run}, false,
                               [this](std::string_view text) { return secrets_.begun(text); }}),
      beat_ms_(limits::heartbeat_ms) {
  runner_.set_sandbox(&sandbox_);
}

Worker::~Worker() = default;

worker::Frame Worker::hello() const {
  worker::Frame frame;
  worker::Hello& hello = *frame.mutable_hello();
  hello.set_protocol(1);
  hello.set_name(options_.name);
  hello.set_version(PENSTOCK_VERSION);
  hello.set_slots(options_.slots);
  hello.set_token(options_.token);
  hello.set_pid(static_cast<uint32_t>(getpid()));
  return frame;
}

Status Worker::on_frame(const worker::Frame& frame) {
  if (frame.has_welcome()) {
    if (!frame.welcome().refused().empty()) {
      return Status::unavailable("the gateway refuses this executor: " + frame.welcome().refused());
    }
    if (frame.welcome().heartbeat_ms()) beat_ms_ = frame.welcome().heartbeat_ms();
  }
  if (frame.has_secrets()) secrets_.set(frame.secrets());
  for (const worker::Definition& definition : frame.definitions()) define(definition);
  for (const worker::JournalStored& one : frame.stored()) stored(one);
  for (const worker::Cancel& one : frame.cancels()) cancel(one);
  for (const worker::Dispatch& one : frame.dispatches()) {
    if (one.run().size() != 16) return Status::corrupt("a dispatch without a run id");
    dispatch(one);
  }
  for (const worker::Heard& one : frame.heard()) heard(one);
  for (const worker::Emitted& one : frame.emitted()) emitted(one);
  for (const worker::Match& one : frame.matches()) match(one);
  for (const worker::Lint& one : frame.lints()) lint(one);
  for (const worker::Screen& one : frame.screens()) screens_.push_back(one);
  if (frame.has_drain()) draining_ = true;
  return Status();
}

void Worker::dispatch(const worker::Dispatch& dispatch) {
  if (const ProgramCache::Entry* entry =
          programs_.find(dispatch.workflow(), dispatch.workflow_version())) {
    return begin(dispatch, *entry);
  }
  Waiting waiting{dispatch.workflow(), dispatch.workflow_version(), nullptr, 0, 0, ""};
  waiting.dispatch = std::make_unique<worker::Dispatch>(dispatch);
  waiting_.push_back(std::move(waiting));
  worker::DefinitionWanted& wanted = *outgoing(64).add_wanted();
  wanted.set_name(dispatch.workflow());
  wanted.set_version(dispatch.workflow_version());
}

void Worker::define(const worker::Definition& definition) {
  const ProgramCache::Entry* entry = nullptr;
  if (!definition.missing()) {
    entry = &programs_.add(definition.name(), definition.version(), definition.source());
  }
  matchable(definition);
  std::vector<Waiting> all = std::exchange(waiting_, {});
  for (Waiting& waiting : all) {
    const bool fits = waiting.name == definition.name() &&
                      (waiting.version == 0 || waiting.version == definition.version());
    if (fits) {
      supply(waiting, entry, definition.version());
    } else {
      waiting_.push_back(std::move(waiting));
    }
  }
}

// The definition that a dispatch or a run waits for is there, or there is none.
void Worker::supply(Waiting& waiting, const ProgramCache::Entry* entry, uint32_t version) {
  if (waiting.dispatch) {
    if (!entry) return fail(*waiting.dispatch, missing_workflow(waiting.name));
    return begin(*waiting.dispatch, *entry);
  }
  flow::TaskResult result = missing_workflow(waiting.name);
  if (entry && !entry->ok()) {
    result = flow::Error::of(flow::ErrorKind::kConfiguration, entry->status().message());
  } else if (entry && !waiting.expected.empty() && (**entry)->version != waiting.expected) {
    result = flow::Error::of(flow::ErrorKind::kConfiguration,
                             "workflow '" + waiting.name + "' is at version " + (**entry)->version +
                                 ", not " + waiting.expected);
  } else if (entry) {
    result = flow::Loaded{**entry, "@" + std::to_string(version)};
  }
  answer_later(waiting.run, waiting.ordinal, std::move(result));
}

void Worker::begin(const worker::Dispatch& dispatch, const ProgramCache::Entry& entry) {
  if (!entry.ok()) {
    return fail(dispatch,
                flow::Error::of(flow::ErrorKind::kConfiguration, entry.status().message()));
  }
  records::EventMeta meta;
  meta.ParseFromString(dispatch.meta());
  if (!meta.mapping_error().empty())
    return fail(dispatch, flow::Error::of(flow::ErrorKind::kValidation, meta.mapping_error()));
  // Mapped variables are the workflow's input; without a mapping the body is.
  const std::string& given = meta.variables().empty() ? dispatch.body() : meta.variables();
  Result<json::Value> input = given.empty() ? json::Value() : parser_.parse(given);
  if (!input) {
    return fail(dispatch,
                flow::Error::of(flow::ErrorKind::kValidation,
                                "the event's body is no JSON: " + input.status().message()));
  }
  Run run;
  run.id = Id::from_raw(dispatch.run());
  run.fence = dispatch.fence();
  run.told = ToldTexts(dispatch);
  flow::RunInfo info;
  info.id = run.id;
  info.input = std::move(*input);
  info.secrets = secrets_.values();
  info.runner = &runner_;
  run.machine = std::make_unique<flow::Machine>(*entry, std::move(info));
  const std::vector<std::string> journal(dispatch.journal().begin(), dispatch.journal().end());
  flow::Effects effects = run.machine->start(clock_.wall_ms(), journal);
  if (run.machine->finished()) return finish(run, std::get<flow::Finish>(effects.back()));
  auto old = numbers_.find(run.id);
  if (old != numbers_.end()) drop(old->second);  // the gateway gave it to us anew
  const RunNumber number = ++last_number_;
  numbers_[run.id] = number;
  Run& kept = runs_.emplace(number, std::move(run)).first->second;
  apply(number, kept, std::move(effects));
  take_inbox(number, kept, dispatch);
  settle(number);
}

void Worker::perform(RunNumber number, Run& run, flow::Effects effects) {
  apply(number, run, std::move(effects));
  settle(number);
}

void Worker::apply(RunNumber number, Run& run, flow::Effects effects) {
  if (!effects.empty()) run.active_ms = clock_.monotonic_ms();
  note_heard(run);
  for (flow::Effect& effect : effects) perform_one(number, run, effect);
}

void Worker::perform_one(RunNumber number, Run& run, flow::Effect& effect) {
  if (auto* call = std::get_if<flow::Call>(&effect)) {
    performer_.call(number, run.id.text(), *call, run.told.take(call->ordinal));
  } else if (auto* timer = std::get_if<flow::Timer>(&effect)) {
    performer_.timer(number, *timer);
  } else if (auto* cancel = std::get_if<flow::Cancel>(&effect)) {
    performer_.cancel(number, cancel->ordinal);
    if (run.listeners.erase(cancel->ordinal)) unlisten(run, cancel->ordinal);
    hand_on_pieces();  // that a text is void comes before the run's end
  } else if (auto* journal = std::get_if<flow::Journal>(&effect)) {
    worker::JournalAppend& append = *outgoing(journal->record.size() + 64).add_appends();
    append.set_run(std::string(run.id.raw()));
    append.set_fence(run.fence);
    append.set_sequence(journal->sequence);
    append.set_record(std::move(journal->record));
    append.set_heard(run.heard);
  } else if (auto* emit = std::get_if<flow::Emit>(&effect)) {
    this->emit(number, run, *emit);
  } else if (auto* listen = std::get_if<flow::Listen>(&effect)) {
    run.listeners.insert(listen->ordinal);
    this->listen(run, *listen);
  } else if (auto* wanted = std::get_if<flow::LoadWorkflow>(&effect)) {
    load(number, *wanted);
  } else if (auto* reply = std::get_if<flow::Reply>(&effect)) {
    worker::EarlyReply& made = *outgoing(reply->answer.weight() + 64).add_replies();
    made.set_run(std::string(run.id.raw()));
    made.set_fence(run.fence);
    fill_reply(reply->answer, *made.mutable_outcome());
  } else if (auto* ended = std::get_if<flow::Finish>(&effect)) {
    finish(run, *ended);
  } else if (std::holds_alternative<flow::Yield>(effect) && !run.yielded) {
    run.yielded = true;
    yielded_.push_back(number);
  }
}

void Worker::load(RunNumber number, const flow::LoadWorkflow& wanted) {
  Waiting waiting{wanted.name, 0, nullptr, number, wanted.ordinal, wanted.version};
  if (wanted.version.starts_with('@')) {  // a replay names the very version it ran before
    waiting.version = static_cast<uint32_t>(std::strtoul(wanted.version.c_str() + 1, nullptr, 10));
    waiting.expected.clear();
    if (const ProgramCache::Entry* entry = programs_.find(wanted.name, waiting.version)) {
      return supply(waiting, entry, waiting.version);
    }
  }
  worker::DefinitionWanted& asked = *outgoing(64).add_wanted();
  asked.set_name(wanted.name);
  asked.set_version(waiting.version);
  waiting_.push_back(std::move(waiting));
}

void Worker::answer_later(RunNumber number, flow::Ordinal ordinal, flow::TaskResult result) {
  answers_.push_back({number, ordinal, std::move(result)});
}

// Ended or asleep: the run leaves us.
void Worker::settle(RunNumber number) {
  auto found = runs_.find(number);
  if (found == runs_.end()) return;
  Run& run = found->second;
  if (run.machine->finished()) return drop(number);
  if (settle_listening(number, run)) return;
  const std::optional<uint64_t> until = run.machine->idle_until();
  if (!until || *until <= clock_.wall_ms() + limits::park_ms_min) return;
  park(number, run, *until);
}

void Worker::drop(RunNumber number) {
  auto found = runs_.find(number);
  performer_.forget(number);
  numbers_.erase(found->second.id);
  runs_.erase(found);
  std::erase_if(waiting_,
                [number](const Waiting& one) { return one.run == number && !one.dispatch; });
}

void Worker::finish(const Run& run, const flow::Finish& finish) {
  worker::Finished& finished = *outgoing(0).add_finished();
  finished.set_run(std::string(run.id.raw()));
  finished.set_fence(run.fence);
  fill_outcome(finish, run.machine->traces(), *finished.mutable_outcome());
  fill_usage(run.machine->usage(), *finished.mutable_outcome());
  frame_bytes_ += finished.outcome().body().size() + 256;
}

void Worker::fail(const worker::Dispatch& dispatch, flow::Error error) {
  worker::Finished& finished = *outgoing(512).add_finished();
  finished.set_run(dispatch.run());
  finished.set_fence(dispatch.fence());
  fill_error(error, *finished.mutable_outcome());
}

Worker::Run* Worker::find(const std::string& raw, uint64_t fence, RunNumber* number) {
  if (raw.size() != 16) return nullptr;
  auto found = numbers_.find(Id::from_raw(raw));
  if (found == numbers_.end()) return nullptr;
  *number = found->second;
  Run& run = runs_.at(*number);
  return run.fence == fence ? &run : nullptr;
}

void Worker::stored(const worker::JournalStored& stored) {
  RunNumber number = 0;
  Run* run = find(stored.run(), stored.fence(), &number);
  if (run) perform(number, *run, run->machine->stored(stored.sequence()));
}

void Worker::cancel(const worker::Cancel& cancel) {
  RunNumber number = 0;
  if (find(cancel.run(), cancel.fence(), &number)) return drop(number);
  std::erase_if(waiting_, [&cancel](const Waiting& one) {
    return one.dispatch && one.dispatch->run() == cancel.run() &&
           one.dispatch->fence() == cancel.fence();
  });
}

// What the workflow starts is allowed here; else a finding for each that is not.
bool Worker::allows_all(const lint::Report& report, worker::LintReport& out) const {
  const ProcessOptions allowed{options_.allow_run};
  bool all = true;
  for (const std::string& word : report.starts) {
    if (allowed.allows(word)) continue;
    all = false;
    worker::Finding& made = *out.add_findings();
    made.set_severity("error");
    made.set_message(word == "mcp" ? "MCP servers over stdio are not allowed by this server"
                                   : "`run: " + word + "` is not allowed by this server");
    made.set_hint("the operator can allow it: serve --allow-run " + word);
    made.set_code("unsupported");
  }
  return all;
}

void Worker::lint(const worker::Lint& wanted) {
  const lint::Report report = lint::lint(wanted.source());
  worker::LintReport& out = *outgoing(4096).add_lint_reports();
  out.set_cookie(wanted.cookie());
  out.set_sound(report.sound() && allows_all(report, out));
  out.set_name(report.name);
  out.set_title(report.title);
  out.set_summary(report.summary);
  const Result<flow::ProgramPtr> program =
      report.sound() ? compile_source(wanted.source())
                     : Result<flow::ProgramPtr>(Status::invalid("it is not sound"));
  if (program) *out.mutable_schedule() = flow::schedule_of(**program);
  for (const lint::Finding& finding : report.findings) {
    worker::Finding& made = *out.add_findings();
    made.set_severity(finding.severity == lint::Severity::kError ? "error" : "warning");
    made.set_line(finding.at.line);
    made.set_column(finding.at.column);
    made.set_pointer(finding.pointer);
    made.set_message(finding.message);
    made.set_hint(finding.hint);
  }
}

// Some at a time: what slow expressions take must not look like death.
void Worker::screen_some() {
  const uint64_t until_ms = clock_.monotonic_ms() + limits::screen_turn_ms;
  while (!screens_.empty() && clock_.monotonic_ms() <= until_ms) {
    worker::Screened answer = screener_.screen(screens_.front());
    const size_t bytes = answer.ByteSizeLong();
    *outgoing(bytes).add_screened() = std::move(answer);
    screens_.pop_front();
  }
}

void Worker::hand_on_pieces() {
  for (Performer::Piece& told : performer_.take_pieces()) {
    auto found = runs_.find(told.run);
    if (found == runs_.end()) continue;
    worker::Piece& piece = *outgoing(told.piece.data.size() + 64).add_pieces();
    piece.set_run(std::string(found->second.id.raw()));
    piece.set_fence(found->second.fence);
    piece.set_type(std::move(told.piece.type));
    piece.set_data(std::move(told.piece.data));
    piece.set_ordinal(told.ordinal);
  }
}

bool Worker::turn() {
  performer_.turn();
  screen_some();
  hand_on_pieces();
  std::vector<Performer::Answer> answers = performer_.take_answers();
  for (Performer::Answer& answer : std::exchange(answers_, {}))
    answers.push_back(std::move(answer));
  for (Performer::Answer& answer : answers) {
    auto found = runs_.find(answer.run);
    if (found == runs_.end()) continue;
    Run& run = found->second;
    perform(answer.run, run,
            run.machine->complete(answer.ordinal, std::move(answer.result), clock_.wall_ms()));
  }
  for (const RunNumber number : std::exchange(yielded_, {})) {
    auto found = runs_.find(number);
    if (found == runs_.end()) continue;
    Run& run = found->second;
    run.yielded = false;
    perform(number, run, run.machine->resume());
  }
  let_go();
  if (clock_.monotonic_ms() >= next_beat_ms_) beat();
  return !answers_.empty() || !yielded_.empty() || !screens_.empty() || performer_.has_answers();
}

void Worker::beat() {
  next_beat_ms_ = clock_.monotonic_ms() + beat_ms_;
  worker::Heartbeat& heartbeat = *outgoing(16).mutable_heartbeat();
  heartbeat.set_running(static_cast<uint32_t>(runs_.size() + waiting_.size()));
  heartbeat.set_rss_bytes(rss_bytes());
}

void Worker::drain() {
  if (!std::exchange(draining_, true)) outgoing(8).mutable_drain();
}

void Worker::reset() {
  while (!runs_.empty()) drop(runs_.begin()->first);
  programs_ = ProgramCache();  // the next gateway may be another one, with its own versions
  waiting_.clear();
  screens_.clear();
  answers_.clear();
  yielded_.clear();
  lingering_.clear();
  matching_.clear();
  frames_.clear();
  frame_bytes_ = 0;
  next_beat_ms_ = 0;
}

// The frame to add to, which `bytes` more are going into.
worker::Frame& Worker::outgoing(size_t bytes) {
  if (frames_.empty() || (frame_bytes_ > 0 && frame_bytes_ + bytes > kFrameBytesSoft)) {
    frames_.emplace_back();
    frame_bytes_ = 0;
  }
  frame_bytes_ += bytes;
  return frames_.back();
}

std::optional<worker::Frame> Worker::take_frame() {
  if (frames_.empty()) return std::nullopt;
  worker::Frame frame = std::move(frames_.front());
  frames_.erase(frames_.begin());
  secrets_.redact(frame);  // whatever made it, no secret leaves
  return frame;
}

}  // namespace penstock::executor
