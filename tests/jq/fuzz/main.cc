// jq-fuzz: runs random programs on random inputs through our jq and through libjq, and tells every
// difference. Each batch has a process of its own, because libjq may end it.
//
//   jq-fuzz [--seed N] [--seconds S] [--evaluations E] [--inputs K]
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "alike.h"
#include "executor/jq/jq.h"
#include "executor/json/parse.h"
#include "generator.h"
#include "oracle.h"

namespace penstock::jq::fuzz {
namespace {

constexpr size_t outputs_max = 200;
constexpr size_t batch_programs = 50;
constexpr size_t shown_max = 60;

struct Flags {
  uint64_t seed = 1;
  uint64_t seconds = 10;
  uint64_t evaluations = 0;  ///< 0: as many as the time allows
  size_t inputs = 200;
};

/// Shared with the batch's process, which may die at any moment.
struct Counts {
  uint64_t programs, evaluations, with_outputs, errors, only_theirs, only_ours, different, limits;
  uint64_t at;  ///< the program that runs
  uint64_t shown, last_shown;
};

void show(Counts& counts, const std::string& program, const std::string& input,
          const std::string& ours, const std::string& theirs) {
  counts.different++;
  // One a program is enough to look into it.
  if (counts.last_shown == counts.at || counts.shown++ >= shown_max) return;
  counts.last_shown = counts.at;
  std::printf("DIFFERENT %s\n  input  %s\n  ours   %s\n  theirs %s\n", program.c_str(),
              input.c_str(), ours.c_str(), theirs.c_str());
}

std::string text_of(const Outcome& outcome) {
  std::string text;
  for (const json::Value& output : outcome.outputs) text += output.dump() + " ";
  return outcome.error ? text + "error: " + outcome.error->message() : text;
}

std::string text_of(const Answer& answer) {
  std::string text;
  for (const std::string& output : answer.outputs) text += output + " ";
  return answer.failed ? text + "error" : text;
}

bool same(const Outcome& ours, const Answer& theirs) {
  const size_t compared = theirs.outputs.size();
  if (theirs.cut ? ours.outputs.size() < compared : ours.outputs.size() != compared) return false;
  if (!theirs.cut && ours.error.has_value() != theirs.failed) return false;
  for (size_t i = 0; i < compared; i++) {
    const auto value = json::parse(theirs.outputs[i]);
    // Deeper than we read: nothing to compare with.
    if (value && !alike(ours.outputs[i], *value)) return false;
  }
  return true;
}

void compare_on(Counts& counts, const std::string& text, const Program& program, Oracle& oracle,
                const std::string& input, Runner& runner) {
  const auto value = json::parse(input);
  if (!value) return;
  const Outcome ours = runner.run(program, *value);
  counts.evaluations++;
  if (ours.error && !ours.error->limit.empty()) {
    counts.limits++;
    return;
  }
  const Answer theirs = oracle.run(input, outputs_max);
  counts.with_outputs += !theirs.outputs.empty();
  counts.errors += theirs.failed;
  if (!same(ours, theirs)) show(counts, text, input, text_of(ours), text_of(theirs));
}

void one_program(Counts& counts, uint64_t seed, const Flags& flags, Runner& runner) {
  Random random(seed);
  Generator generator(random);
  const std::string text = generator.program(2 + static_cast<int>(random.below(3)));
  const auto ours = compile(text);
  // libjq takes 13 ms to compile, so each program is made to count.
  Oracle oracle(text);
  counts.programs++;
  if (!ours || !oracle.compiled()) {
    if (ours.ok() == oracle.compiled()) return;
    (ours ? counts.only_ours : counts.only_theirs)++;
    show(counts, text, "", ours ? "compiles" : ours.status().message(),
         oracle.compiled() ? "compiles" : "does not");
    return;
  }
  for (size_t i = 0; i < flags.inputs; i++) {
    compare_on(counts, text, **ours, oracle, generator.input(3), runner);
  }
}

// From now on; what does not end by itself is ended.
void allow_cpu(rlim_t seconds) {
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  const rlimit cpu = {static_cast<rlim_t>(used.ru_utime.tv_sec) + seconds, RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &cpu);
}

void batch(Counts& counts, uint64_t first, const Flags& flags) {
  const rlimit memory = {2ull << 30, 2ull << 30};
  setrlimit(RLIMIT_AS, &memory);
  Runner runner;
  for (uint64_t seed = first; seed < first + batch_programs; seed++) {
    counts.at = seed;
    allow_cpu(20);
    one_program(counts, seed, flags, runner);
  }
  std::fflush(stdout);
}

// Goes on behind the program that ended the process.
uint64_t run_batch(Counts& counts, uint64_t first, const Flags& flags, uint64_t& deaths) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    batch(counts, first, flags);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) return first + batch_programs;
  deaths++;
  Random random(counts.at);
  Generator generator(random);
  std::printf("DIED (signal %d) %s\n", WTERMSIG(status),
              generator.program(2 + static_cast<int>(random.below(3))).c_str());
  return counts.at + 1;
}

int run(const Flags& flags) {
  void* shared =
      mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Counts& counts = *new (shared) Counts{};
  uint64_t seed = flags.seed * 1'000'000'000, deaths = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(flags.seconds);
  const auto goes_on = [&counts, &flags, end] {
    if (flags.evaluations) return counts.evaluations < flags.evaluations;
    return std::chrono::steady_clock::now() < end;
  };
  while (goes_on()) seed = run_batch(counts, seed, flags, deaths);
  std::printf(
      "%llu programs, %llu evaluations (%llu with outputs, %llu errors, %llu over a limit); "
      "%llu different, %llu ended the process\n",
      static_cast<unsigned long long>(counts.programs),
      static_cast<unsigned long long>(counts.evaluations),
      static_cast<unsigned long long>(counts.with_outputs),
      static_cast<unsigned long long>(counts.errors),
      static_cast<unsigned long long>(counts.limits),
      static_cast<unsigned long long>(counts.different), static_cast<unsigned long long>(deaths));
  return counts.different == 0 ? 0 : 1;
}

}  // namespace
}  // namespace penstock::jq::fuzz

int main(int argc, char** argv) {
  penstock::jq::fuzz::Flags flags;
  CLI::App app("Compares our jq with libjq on random programs.");
  app.add_option("--seed", flags.seed, "which programs");
  app.add_option("--seconds", flags.seconds, "for how long");
  app.add_option("--evaluations", flags.evaluations, "until there were so many, however long");
  app.add_option("--inputs", flags.inputs, "inputs a program");
  CLI11_PARSE(app, argc, argv);
  return penstock::jq::fuzz::run(flags);
}
