#include "executor/templates/command.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "executor/json/value.h"
#include "executor/templates/templates.h"
#include "proto/suggest.h"

namespace penstock::templates {
namespace {

constexpr int kDone = 0, kFailed = 1, kUsage = 2;
constexpr std::string_view kMe = "penstock workflow new: ";

struct Wanted {
  std::string from, name, output;
  bool list = false, json = false, force = false;
};

void list_text() {
  for (const Template& one : all()) {
    std::cout << one.name << std::string(18 - std::min<size_t>(one.name.size(), 17), ' ')
              << one.summary() << "\n";
  }
}

void list_json() {
  json::Value list = json::Value::array();
  for (const Template& one : all()) {
    json::Value value = json::Value::object();
    value.set("name", json::Value::string(std::string(one.name)));
    value.set("summary", json::Value::string(std::string(one.summary())));
    list.push_back(std::move(value));
  }
  std::cout << list.dump() << "\n";
}

bool is_name(std::string_view name) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  return !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
         name.find_first_not_of(kLetters) == std::string_view::npos;
}

// The template's text with another document.name.
std::string renamed(const Template& from, const std::string& name) {
  std::string text(from.text);
  const std::string line = "\n  name: " + std::string(from.name) + "\n";
  const size_t at = text.find(line);
  if (!name.empty() && at != std::string::npos) {
    text.replace(at, line.size(), "\n  name: " + name + "\n");
  }
  return text;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

int save(const Wanted& wanted, const std::string& text) {
  const int existing = wanted.force ? O_TRUNC : O_EXCL;
  const int file = open(wanted.output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | existing, 0666);
  bool saved = file >= 0 && write_all(file, text);
  const int error = errno;
  if (file >= 0 && close(file) != 0) saved = false;
  if (saved) return kDone;
  std::cerr << kMe << wanted.output << ": " << std::strerror(error)
            << (error == EEXIST ? " (--force replaces it)" : "") << "\n";
  return kFailed;
}

int unknown_template(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Template& one : all()) names.push_back(one.name);
  std::cerr << kMe << "there is no template \"" << name << "\"" << did_you_mean(name, names)
            << "; --list shows all\n";
  return kUsage;
}

int make(const Wanted& wanted) {
  const Template* from = find(wanted.from);
  if (!from) return unknown_template(wanted.from);
  if (!wanted.name.empty() && !is_name(wanted.name)) {
    std::cerr << kMe << "a name has at most 63 letters, digits and dashes, no dash at an end\n";
    return kUsage;
  }
  const std::string text = renamed(*from, wanted.name);
  if (!wanted.output.empty()) return save(wanted, text);
  std::cout << text << std::flush;
  return std::cout ? kDone : kFailed;
}

int perform(const Wanted& wanted) {
  if (wanted.list) {
    wanted.json ? list_json() : list_text();
    return kDone;
  }
  if (wanted.from.empty()) {
    std::cerr << kMe << "say which: --template NAME; --list shows all\n";
    return kUsage;
  }
  return make(wanted);
}

}  // namespace

int new_command(int argc, char** argv) {
  CLI::App app("Starts a workflow from a template.", "penstock workflow new");
  Wanted wanted;
  app.add_option("--template", wanted.from, "the template's name");
  app.add_option("--name", wanted.name, "the new workflow's name; else the template's");
  app.add_option("--output", wanted.output, "the file to write; else standard output");
  app.add_flag("--force", wanted.force, "replace the file if it is there");
  app.add_flag("--list", wanted.list, "list the templates");
  app.add_flag("--json", wanted.json, "list as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? kDone : kUsage;
  }
  return perform(wanted);
}

}  // namespace penstock::templates
