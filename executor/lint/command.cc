#include "executor/lint/command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "executor/lint/lint.h"
#include "executor/lint/render.h"
#include "proto/limits.h"

namespace penstock::lint {
namespace {

constexpr int kSound = 0, kFaulty = 1, kUsage = 2;

struct Totals {
  size_t files = 0, errors = 0, warnings = 0, unreadable = 0;
};

// At most a byte more than a definition may have: the loader then says that it is too long.
std::optional<std::string> read_all(std::istream& in) {
  std::string text(limits::workflow_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return std::nullopt;
  text.resize(static_cast<size_t>(in.gcount()));
  return text;
}

std::optional<std::string> read_file(const std::string& path) {
  if (path == "-") return read_all(std::cin);
  std::ifstream file(path, std::ios::binary);
  if (!file || file.peek() == std::ifstream::traits_type::eof()) {
    return file ? std::optional<std::string>("") : std::nullopt;
  }
  return read_all(file);
}

void lint_file(const std::string& path, bool as_json, Colour colour, Totals& totals) {
  const std::optional<std::string> source = read_file(path);
  if (!source) {
    std::cerr << "penstock workflow lint: cannot read " << path << "\n";
    totals.unreadable++;
    return;
  }
  const Report report = lint(*source);
  totals.files++;
  totals.errors += report.count(Severity::kError);
  totals.warnings += report.count(Severity::kWarning);
  std::cout << (as_json ? render_json(report, path) + "\n"
                        : render_text(report, path, *source, colour));
}

std::string count_of(size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

void print_summary(const Totals& totals) {
  std::cout << count_of(totals.files, "file") << ": " << count_of(totals.errors, "error") << ", "
            << count_of(totals.warnings, "warning") << "\n";
}

Colour colour_of_output() {
  const char* refused = getenv("NO_COLOR");
  const bool plain = refused && *refused;
  return isatty(STDOUT_FILENO) && !plain ? Colour::kOn : Colour::kOff;
}

int lint_files(const std::vector<std::string>& files, bool as_json) {
  Totals totals;
  const Colour colour = colour_of_output();
  for (const std::string& file : files) lint_file(file, as_json, colour, totals);
  if (!as_json) print_summary(totals);
  std::cout.flush();
  if (totals.unreadable > 0) return kUsage;
  return totals.errors > 0 ? kFaulty : kSound;
}

}  // namespace

int lint_command(int argc, char** argv) {
  CLI::App app(
      "Says everything that is wrong with workflow definitions, at once.\n"
      "Exit status: 0 sound, 1 errors found, 2 wrong usage or unreadable file.",
      "penstock workflow lint");
  std::vector<std::string> files;
  bool as_json = false;
  app.add_option("FILE", files, "definitions in YAML or JSON; - is standard input")->required();
  app.add_flag("--json", as_json, "one line of JSON per file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? kSound : kUsage;
  }
  return lint_files(files, as_json);
}

}  // namespace penstock::lint
