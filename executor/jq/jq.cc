#include "executor/jq/jq.h"

#include "executor/jq/emitter.h"
#include "executor/jq/machine.h"
#include "executor/jq/parser.h"
#include "executor/jq/program.h"
#include "executor/jq/sandbox/sandbox.h"

namespace penstock::jq {
namespace {

Result<json::Value> first_of(Outcome outcome) {
  if (outcome.error && !outcome.error->limit.empty()) return Status::full(outcome.error->message());
  if (!outcome.outputs.empty()) return std::move(outcome.outputs[0]);
  if (!outcome.error) return json::Value();
  return Status::invalid(outcome.error->message());
}

}  // namespace

std::string Error::message() const {
  if (value.is_string()) return std::string(value.as_string());
  return value.dump() + " (not a string)";
}

Result<ProgramPtr> compile(std::string_view text, std::span<const std::string> variables) {
  auto tree = parse_program(text);
  if (!tree) return tree.status();
  auto program = std::make_shared<Program>();
  const Status status = Emitter(text).emit_program(**tree, variables, *program);
  if (status.fault() == Fault::kUnsupported) {
    program = std::make_shared<Program>();
    program->foreign = text;
    program->foreign_names.assign(variables.begin(), variables.end());
  } else if (!status) {
    return status;
  }
  return ProgramPtr(std::move(program));
}

int tier(const Program& program) {
  return program.foreign.empty() ? 1 : 2;
}

Runner::Runner() : machine_(std::make_unique<Machine>()) {}
Runner::~Runner() = default;
Runner::Runner(Runner&&) noexcept = default;
Runner& Runner::operator=(Runner&&) noexcept = default;

Outcome Runner::run_some(const Program& program, json::Value input,
                         std::span<const json::Value> variables, const Options& options,
                         size_t outputs_wanted) {
  if (tier(program) == 1) {
    return machine_->run(program, std::move(input), variables, options, outputs_wanted);
  }
  if (sandbox_ != nullptr) {
    return sandbox_->run(program.foreign, input, program.foreign_names, variables, options);
  }
  Outcome outcome;
  outcome.error = Error{
      json::Value::string("the expression needs jq's sandbox, which is not on here"), "sandbox"};
  return outcome;
}

Outcome Runner::run(const Program& program, json::Value input,
                    std::span<const json::Value> variables, const Options& options) {
  return run_some(program, std::move(input), variables, options, SIZE_MAX);
}

Result<json::Value> Runner::first(const Program& program, json::Value input,
                                  std::span<const json::Value> variables, const Options& options) {
  return first_of(run_some(program, std::move(input), variables, options, 1));
}

Outcome run(const Program& program, json::Value input, std::span<const json::Value> variables,
            const Options& options) {
  return Runner().run(program, std::move(input), variables, options);
}

Result<json::Value> first(const Program& program, json::Value input,
                          std::span<const json::Value> variables, const Options& options) {
  return Runner().first(program, std::move(input), variables, options);
}

}  // namespace penstock::jq
