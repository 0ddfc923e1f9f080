// application/x-www-form-urlencoded bodies, decoded, in the order sent. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/status.h"

namespace penstock::verify {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// %XX decoded and, in forms, '+' read as a space; a lone '%' stays as it is.
std::string percent_decoded(std::string_view text, bool plus_is_space);

/// Fault: kInvalid past limits::form_fields_max.
Result<FormFields> parse_form(std::string_view text);

/// The first value of that name; "" when there is none.
std::string form_value(const FormFields& fields, std::string_view name);

}  // namespace penstock::verify
