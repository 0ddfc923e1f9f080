#include "gateway/app/auth.h"

#include <strings.h>

namespace penstock::gateway {

static bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

static std::optional<std::string_view> authorization_key(const RequestHead& head) {
  auto value = head.header("authorization");
  if (!value) return std::nullopt;
  if (value->size() > 7 && same_name(value->substr(0, 7), "bearer ")) value->remove_prefix(7);
  while (!value->empty() && value->front() == ' ') value->remove_prefix(1);
  return value;
}

std::optional<std::string_view> presented_key(const RequestHead& head) {
  if (const auto key = head.header("x-api-key")) return key;
  return authorization_key(head);
}

bool is_admin(const Credentials& credentials, const RequestHead& head) {
  const auto token = authorization_key(head);
  return token && credentials.is_admin(*token);
}

bool opens(const Credentials& credentials, const records::TriggerDefinition& trigger,
           const RequestHead& head) {
  if (!trigger.require_key()) return true;
  const auto key = presented_key(head);
  return key && credentials.matches(trigger.keys(), *key);
}

bool is_credential_header(std::string_view name) {
  for (const auto credential : {"authorization", "x-api-key", "cookie", "proxy-authorization"})
    if (same_name(name, credential)) return true;
  return false;
}

Response unauthorized(std::string_view detail, std::string_view instance) {
  Response answer = problem(Code::kUnauthorized, detail, instance);
  answer.headers += "WWW-Authenticate: Bearer realm=\"penstock\"\r\n";
  return answer;
}

}  // namespace penstock::gateway
