// The configuration's fields as flags of a command, and what stood on the line as a source for
// load_config(). Must outlive the CommandLine's run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/cli/command.h"
#include "gateway/config/load.h"

namespace penstock::gateway {

class ConfigFlags {
 public:
  /// Adds --config and one flag a field.
  void add_to(Command& command);
  /// Flags, this process's environment, the file. Call it once the line is read.
  LoadedConfig load(const Command& command) const;

 private:
  std::string file_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, bool> switches_;
  std::map<std::string, std::vector<std::string>> lists_;
};

}  // namespace penstock::gateway
