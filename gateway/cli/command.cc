#include "gateway/cli/command.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "proto/suggest.h"

namespace penstock::gateway {

namespace {

/// The command that the words on the line led to.
const CLI::App* deepest(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().back();
  return app;
}

std::string path_of(const CLI::App* app) {
  const std::string name = app->get_name();
  return app->get_parent() ? path_of(app->get_parent()) + " " + name : name;
}

/// Every flag or every subcommand that could stand there.
std::vector<std::string> known_words(const CLI::App* app, bool flags) {
  std::vector<std::string> words;
  if (flags) {
    for (const CLI::Option* option : app->get_options()) words.push_back(option->get_name());
  } else {
    for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
      words.push_back(sub->get_name());
    }
  }
  return words;
}

std::string unknown_word(const CLI::App* app, std::string word) {
  const bool flag = word.starts_with("-");
  if (flag) word = word.substr(0, word.find('='));
  const std::vector<std::string> known = known_words(app, flag);
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string kind = flag ? "flag" : known.empty() ? "argument" : "command";
  return "unknown " + kind + " \"" + word + "\"" + did_you_mean(word, views);
}

/// CLI11's sentence with a small letter and without its end, to stand behind our prefix.
std::string plain_sentence(const std::exception& error) {
  std::string text = error.what();
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  const size_t required = text.find(" is required");
  if (required != std::string::npos) return text.substr(0, required) + " is missing";
  return text;
}

}  // namespace

Command Command::sub(const std::string& name, const std::string& help) {
  CLI::App* child = app_->add_subcommand(name, help);
  child->group("Commands");
  return {child, actions_};
}

void Command::action(Action run) {
  actions_->emplace_back(app_, std::move(run));
}

void Command::examples(const std::vector<std::string>& lines) {
  std::string text = "Examples:";
  for (const std::string& line : lines) text += "\n  " + line;
  app_->footer(text);
}

void Command::flag(const std::string& name, bool& out, const std::string& help) {
  app_->add_flag(name, out, help)->group(heading_);
}

void Command::option(const std::string& name, std::string& out, const std::string& metavar,
                     const std::string& help, bool required) {
  app_->add_option(name, out, help)
      ->option_text(metavar)
      ->group(heading_)
      ->required(required)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void Command::options(const std::string& name, std::vector<std::string>& out,
                      const std::string& metavar, const std::string& help) {
  app_->add_option(name, out, help + "; repeatable")
      ->option_text(metavar)
      ->group(heading_)
      ->allow_extra_args(false);
}

void Command::argument(const std::string& name, std::string& out, const std::string& help) {
  app_->add_option(name, out, help)->option_text(" ")->required();
}

void Command::arguments(const std::string& name, std::vector<std::string>& out,
                        const std::string& help) {
  app_->add_option(name, out, help)->option_text(" ")->required();
}

void Command::optional_arguments(const std::string& name, std::vector<std::string>& out,
                                 const std::string& help) {
  app_->add_option(name, out, help)->option_text(" ");
}

bool Command::given(const std::string& name) const {
  return app_->count(name) > 0;
}

CommandLine::CommandLine(const std::string& program, const std::string& about,
                         const std::string& version)
    : app_(std::make_unique<CLI::App>(about, program)) {
  app_->get_formatter()->label("Positionals", "Arguments");
  app_->get_formatter()->label("OPTIONS", "options");
  app_->get_formatter()->label("SUBCOMMAND", "command");
  app_->get_formatter()->label("SUBCOMMANDS", "command");
  app_->get_formatter()->column_width(34);
  app_->set_help_flag("-h,--help", "show this help");
  app_->set_version_flag("--version", program + " " + version, "show the version");
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() {
  return {app_.get(), &actions_};
}

int CommandLine::run(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    return app_->exit(done) == 0 ? kExitDone : kExitFailed;
  } catch (const CLI::ParseError& error) {
    return explain(error);
  }
  const CLI::App* chosen = deepest(app_.get());
  for (const auto& [app, run] : actions_) {
    if (app == chosen) return run();
  }
  std::fputs(app_->help().c_str(), stderr);
  return kExitUsage;
}

int CommandLine::explain(const std::exception& error) const {
  const CLI::App* app = deepest(app_.get());
  const bool extras = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  std::vector<std::string> words;
  if (extras) words = app->remaining();
  const std::string reason = words.empty() ? plain_sentence(error) : unknown_word(app, words[0]);
  std::fprintf(stderr, "penstock: %s\n`%s --help` shows what there is.\n", reason.c_str(),
               path_of(app).c_str());
  return kExitUsage;
}

}  // namespace penstock::gateway
