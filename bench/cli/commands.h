// The commands of penstock-bench. Exit codes: 0 done, 1 failed or a threshold was broken, 2 wrong
// usage. CLI11 stays in this folder.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "proto/status.h"

namespace penstock::bench {

int run_bench(int argc, char** argv);

/// What a parsed command does; set by the one that was chosen.
using Action = std::function<int()>;

void add_run_command(CLI::App& app, Action& action, std::string command_line);
void add_verify_command(CLI::App& app, Action& action);
void add_compare_command(CLI::App& app, Action& action);
void add_merge_command(CLI::App& app, Action& action);
void add_idle_command(CLI::App& app, Action& action);
void add_probe_command(CLI::App& app, Action& action);

/// Writes the fault to stderr; returns the exit code for it: 2 when the input was wrong.
int tell(const Status& status);
/// Writes a text to a file, or to stdout for "-".
Status write_out(const std::string& path, const std::string& text);
bool stdout_has_color();
/// "10", "10s", "500ms", "2m": milliseconds.
Result<uint64_t> parse_time(const std::string& text);
/// As many open files as the system lets us have: a connection is one.
void raise_file_limit();

}  // namespace penstock::bench
