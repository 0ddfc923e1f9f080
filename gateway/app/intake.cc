#include "gateway/app/intake.h"

#include <strings.h>

#include <algorithm>

#include "gateway/app/auth.h"

namespace penstock::gateway {

std::string_view hook_path(std::string_view path) {
  path.remove_prefix(std::string_view("/hooks/").size());
  const size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(slash);
}

/// JSON by its media type; no type at all; or what curl -d says when nobody told it better, in
/// which case the body decides.
static bool may_be_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  const auto is = [type](std::string_view other) {
    return type.size() == other.size() && strncasecmp(type.data(), other.data(), type.size()) == 0;
  };
  if (type.empty() || is("application/json") || is("text/json")) return true;
  if (is("application/x-www-form-urlencoded")) return true;
  return type.size() > 5 && strncasecmp(type.data() + type.size() - 5, "+json", 5) == 0;
}

static bool is_form(std::string_view type) {
  static constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  return type.size() >= kForm.size() && strncasecmp(type.data(), kForm.data(), kForm.size()) == 0;
}

std::optional<Response> Intake::refuse_method(const records::TriggerDefinition&,
                                              const RequestHead& head) const {
  if (head.method == Method::kPost) return std::nullopt;
  Response answer = problem(Code::kMethodNotAllowed, "Send events to this URL with POST.");
  answer.headers += "Allow: POST\r\n";
  return answer;
}

std::optional<Response> Intake::refuse_type(const records::TriggerDefinition&,
                                            const RequestHead& head) const {
  if (!may_be_json(head.header("content-type").value_or("")))
    return problem(Code::kUnsupportedMediaType, "Send JSON with Content-Type: application/json.");
  return std::nullopt;
}

records::EventMeta Intake::meta_of(const records::TriggerDefinition& trigger,
                                   const RequestHead& head) const {
  records::EventMeta meta;
  meta.set_trigger(trigger.name());
  meta.set_trigger_version(trigger.version());
  meta.set_workflow(trigger.workflow());
  meta.set_captured(!trigger.active());
  meta.set_needs_key(trigger.require_key());
  meta.set_method(std::string(head.method_text));
  meta.set_path(std::string(hook_path(head.path)));
  meta.set_query(std::string(head.query));
  meta.set_remote(std::string(head.remote));
  meta.set_attempts_max(trigger.attempts_max());
  meta.set_type(trigger.event_type());
  for (const auto& [name, value] : head.headers) {
    if (is_credential_header(name)) continue;
    std::string lower(name);
    for (char& c : lower) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
    if (lower == "content-type") meta.set_content_type(std::string(value));
    if (lower == "penstock-tag") meta.set_tag(std::string(value.substr(0, 128)));
    records::Header& kept = *meta.add_headers();
    kept.set_name(std::move(lower));
    kept.set_value(std::string(value));
  }
  return meta;
}

std::optional<Rejected> Intake::read(const records::TriggerDefinition&, const RequestHead& head,
                                     Body& body, records::EventMeta&) {
  auto fault = json_check_.refuse(body);
  if (!fault) return std::nullopt;
  if (is_form(head.header("content-type").value_or("")) && !body.empty())
    return Rejected{Code::kUnsupportedMediaType,
                    "This is a form, not JSON; send Content-Type: application/json."};
  return Rejected{Code::kInvalidJson, *std::move(fault)};
}

}  // namespace penstock::gateway
