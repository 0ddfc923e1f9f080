// The one table of everything an operator may set: it drives the flags, the environment's names,
// the keys of the YAML file, --help and `config print`. Immutable, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/config/config.h"

namespace penstock::gateway {

/// How a field's text is read and shown.
enum class FieldKind { kText, kChoice, kPath, kCount, kBytes, kDuration, kSwitch, kAddress, kList };

struct Field {
  using Member = std::variant<std::string Config::*, uint64_t Config::*, bool Config::*,
                              Address Config::*, std::vector<std::string> Config::*>;
  std::string_view name;  ///< the YAML key: words joined by _
  FieldKind kind;
  Member member;
  std::string_view metavar;  ///< what stands behind the flag; a choice's words joined by |
  std::string_view help;     ///< half a sentence
  uint64_t least = 0, most = UINT64_MAX;  ///< of a number

  /// --admin-listen for admin_listen.
  std::string flag() const;
  /// PENSTOCK_ADMIN_LISTEN for admin_listen.
  std::string env() const;
};

/// All of them, in the order of --help.
std::span<const Field> fields();
/// The field of that name; nullptr: none.
const Field* find_field(std::string_view name);
/// All names, for did-you-mean.
std::vector<std::string_view> field_names();

/// Sets the field from text; a list takes all of `values`, everything else exactly one.
Status assign(Config& config, const Field& field, const std::vector<std::string>& values);
/// The field's values as text that assign() takes back; an unset one gives none.
std::vector<std::string> show(const Config& config, const Field& field);

}  // namespace penstock::gateway
