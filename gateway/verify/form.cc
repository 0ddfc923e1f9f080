#include "gateway/verify/form.h"

#include "gateway/verify/encoding.h"
#include "proto/limits.h"

namespace penstock::verify {

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      if (const auto byte = decode(Encoding::kHex, text.substr(i + 1, 2))) {
        out += *byte;
        i += 2;
        continue;
      }
    }
    out += plus_is_space && text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

Result<FormFields> parse_form(std::string_view text) {
  FormFields fields;
  while (!text.empty()) {
    const std::string_view field = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), field.size() + 1));
    if (field.empty()) continue;
    if (fields.size() == limits::form_fields_max)
      return Status::invalid("the form has more than " + std::to_string(limits::form_fields_max) +
                             " fields");
    const size_t equals = std::min(field.find('='), field.size());
    fields.emplace_back(percent_decoded(field.substr(0, equals), true),
                        percent_decoded(field.substr(std::min(equals + 1, field.size())), true));
  }
  return fields;
}

std::string form_value(const FormFields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

}  // namespace penstock::verify
