#include "gateway/cli/delegate.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>

#include "gateway/cli/command.h"

namespace penstock::gateway {

std::string program_beside(const std::string& name) {
  std::array<char, PATH_MAX> path;
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return name;
  const std::string self(path.data(), static_cast<size_t>(size));
  return self.substr(0, self.rfind('/') + 1) + name;
}

int delegate_to_executor(const Console& console, const std::vector<std::string>& arguments) {
  const std::string program = program_beside("penstock-executor");
  std::vector<char*> argv;
  argv.push_back(const_cast<char*>(program.c_str()));
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  console.fail("cannot start " + program + ": " + std::strerror(errno));
  return kExitFailed;
}

std::vector<std::string> executor_arguments(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (!words.empty() && words[0] == "jq") return words;
  if (words.size() < 2 || words[0] != "workflow") return {};
  if (words[1] != "lint" && words[1] != "new" && words[1] != "run") return {};
  words[1] = "workflow-" + words[1];
  words.erase(words.begin());
  return words;
}

}  // namespace penstock::gateway
