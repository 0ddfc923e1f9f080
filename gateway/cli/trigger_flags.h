// The flags of `trigger create` and `trigger set`, as one table: each becomes a member of the
// request's JSON, so a new setting is one row in trigger_flags.cc. Pure but for the flags.
//
// Lifecycle: add_to() a command, then settings() once the line is read.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "gateway/cli/command.h"
#include "gateway/cli/json.h"
#include "proto/status.h"

namespace penstock::gateway {

struct TriggerFlag {
  enum class Kind : uint8_t {
    kFlag,      ///< true
    kText,      ///< a string
    kCount,     ///< a whole number
    kNumber,    ///< a number, perhaps with a fraction
    kTime,      ///< 30s, 2h: milliseconds
    kBytes,     ///< 4MiB: bytes
    kList,      ///< repeatable: an array of strings
    kPairs,     ///< repeatable NAME=TEXT: an object
    kWorkflow,  ///< W or W@VERSION: two members
    kFile,      ///< text, or @FILE for a file's text
    kJson,      ///< JSON, or @FILE for a file's
    kSecret,    ///< text, @FILE or - for standard input; repeatable: then an array
    kSecrets,   ///< repeatable NAME=SECRET: an object
  };
  std::string_view area, name, metavar;
  Kind kind;
  std::string_view member, help;
};

class TriggerFlags {
 public:
  void add_to(Command& command);
  /// Whether this flag was given a value.
  bool given(std::string_view flag) const;
  /// Adds a member for each flag that was given. Fault: a flag's value makes no sense.
  Status write(JsonObject& object) const;
  /// Adds `null` for each of these settings, named as their flags are, with or without dashes: the
  /// gateway then goes back to what is in brackets in the help. Fault: no setting has such a name.
  Status unset(JsonObject& object, const std::vector<std::string>& names) const;

 private:
  struct Value {
    const TriggerFlag* flag;
    std::string text = {};
    std::vector<std::string> list = {};
    bool on = false;
  };
  std::deque<Value> values_;  // flags write into these
};

}  // namespace penstock::gateway
