// The tree of commands and their flags: what is read, where it goes, what runs.
//
// Lifecycle: build the tree on a CommandLine, run() it once; what flags write to must live until
// then. One thread. Limitations: CLI11 is behind it and known only to command.cc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace penstock::gateway {

/// A program's exit code: part of the public contract.
enum Exit : int { kExitDone = 0, kExitFailed = 1, kExitUsage = 2 };

/// One command of the tree; a light handle.
class Command {
 public:
  using Action = std::function<int()>;

  /// A command below this one.
  Command sub(const std::string& name, const std::string& help);
  /// What runs when this command is the one asked for; without one its help is shown.
  void action(Action run);
  /// Lines shown below the help, each a whole command.
  void examples(const std::vector<std::string>& lines);
  /// Flags added from here on stand under this heading.
  void heading(const std::string& title) { heading_ = title; }

  /// --name; `--name=false` takes it back.
  void flag(const std::string& name, bool& out, const std::string& help);
  /// --name VALUE.
  void option(const std::string& name, std::string& out, const std::string& metavar,
              const std::string& help, bool required = false);
  /// --name VALUE, repeatable.
  void options(const std::string& name, std::vector<std::string>& out, const std::string& metavar,
               const std::string& help);
  /// A word that must follow.
  void argument(const std::string& name, std::string& out, const std::string& help);
  /// One or more words that must follow.
  void arguments(const std::string& name, std::vector<std::string>& out, const std::string& help);

  /// Words that may follow.
  void optional_arguments(const std::string& name, std::vector<std::string>& out,
                          const std::string& help);

  /// Whether the flag stood on the command line.
  bool given(const std::string& name) const;

 private:
  friend class CommandLine;
  using Actions = std::vector<std::pair<const CLI::App*, Action>>;
  Command(CLI::App* app, Actions* actions) : app_(app), actions_(actions) {}

  CLI::App* app_;
  Actions* actions_;
  std::string heading_ = "Options";
};

class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& about, const std::string& version);
  ~CommandLine();

  Command root();
  /// Reads the arguments and runs the command: its exit code, or kExitUsage with the reason and
  /// the nearest known word on stderr.
  int run(int argc, const char* const* argv);

 private:
  int explain(const std::exception& error) const;

  std::unique_ptr<CLI::App> app_;
  Command::Actions actions_;
};

}  // namespace penstock::gateway
