#include "executor/tasks/authentication.h"

#include "executor/json/parse.h"
#include "executor/tasks/encoding.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

constexpr std::pair<std::string_view, Policy::Kind> kKinds[] = {
    {"basic", Policy::Kind::kBasic},   {"bearer", Policy::Kind::kBearer},
    {"digest", Policy::Kind::kDigest}, {"oauth2", Policy::Kind::kOAuth2},
    {"oidc", Policy::Kind::kOidc},
};

Error misconfigured(std::string detail) {
  return Error::of(ErrorKind::kConfiguration, std::move(detail));
}

std::string text_of(const json::Value& settings, std::string_view key) {
  const json::Value value = settings.get(key);
  return value.is_null() ? "" : plain_text(value);
}

std::string joined(std::string base, std::string_view path) {
  if (path.find("://") != path.npos) return std::string(path);
  while (base.ends_with('/')) base.pop_back();
  if (!path.starts_with('/')) base += '/';
  return base + std::string(path);
}

std::string spaced(const json::Value& list) {
  std::string out;
  for (size_t i = 0; list.is_array() && i < list.size(); i++) {
    if (i) out += ' ';
    out += plain_text(list.at(i));
  }
  return out;
}

void put(json::Value& form, std::string_view key, std::string text) {
  if (!text.empty()) form.set(key, json::Value::string(std::move(text)));
}

// RFC 8693: whom the token is for and who acts.
void put_exchange(json::Value& form, const json::Value& settings) {
  for (const std::string_view role : {"subject", "actor"}) {
    const json::Value token = settings.get(role);
    put(form, std::string(role) + "_token", text_of(token, "token"));
    put(form, std::string(role) + "_token_type", text_of(token, "type"));
  }
}

json::Value token_form(const json::Value& settings) {
  json::Value form = json::Value::object();
  put(form, "grant_type", text_of(settings, "grant"));
  put(form, "scope", spaced(settings.get("scopes")));
  put(form, "audience", spaced(settings.get("audiences")));
  put(form, "username", text_of(settings, "username"));
  put(form, "password", text_of(settings, "password"));
  put(form, "refresh_token", text_of(settings, "refreshToken"));
  put_exchange(form, settings);
  return form;
}

// The client names itself in the form or in a header.
void put_client(json::Value& form, HttpRequest& request, const json::Value& client) {
  const std::string id = text_of(client, "id"), secret = text_of(client, "secret");
  const std::string how = text_of(client, "authentication"),
                    assertion = text_of(client, "assertion");
  if (how == "client_secret_basic") {
    request.credentials = {HttpCredentials::Kind::kBasic, percent_encoded(id),
                           percent_encoded(secret)};
    return;
  }
  put(form, "client_id", id);
  if (!assertion.empty()) {
    put(form, "client_assertion", assertion);
    put(form, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  } else if (how != "none") {
    put(form, "client_secret", secret);
  }
}

}  // namespace

std::variant<Policy, Error> Policy::of(const json::Value& policy, const json::Value& secrets) {
  Policy made;
  if (policy.is_null()) return made;
  for (const auto& [word, kind] : kKinds) {
    const std::optional<json::Value> settings = policy.find(word);
    if (!settings) continue;
    made.kind = kind;
    made.settings = *settings;
    const json::Value use = settings->get("use");
    if (!use.is_string()) return made;
    const std::optional<json::Value> secret = secrets.find(use.as_string());
    if (!secret) {
      return misconfigured("there is no secret '" + std::string(use.as_string()) +
                           "', or it is not listed under use.secrets");
    }
    made.settings = *secret;
    if (secret->is_string()) {  // a bearer's secret may be the bare token
      made.settings = json::Value::object();
      made.settings.set("token", *secret);
    }
    return made;
  }
  return misconfigured("the authentication is none of basic, bearer, digest, oauth2, oidc");
}

void Policy::apply(HttpRequest& request) const {
  if (kind == Kind::kBearer) {
    request.headers.emplace_back("Authorization", "Bearer " + text_of(settings, "token"));
  } else if (kind == Kind::kBasic || kind == Kind::kDigest) {
    const bool digest = kind == Kind::kDigest;
    request.credentials = {digest ? HttpCredentials::Kind::kDigest : HttpCredentials::Kind::kBasic,
                           text_of(settings, "username"), text_of(settings, "password")};
  }
}

HttpRequest discovery_request(const Policy& policy) {
  HttpRequest request;
  request.method = "GET";
  request.url = joined(text_of(policy.settings, "authority"), "/.well-known/openid-configuration");
  request.follow = true;
  return request;
}

std::variant<HttpRequest, Error> token_request(const Policy& policy, std::string endpoint) {
  const json::Value& settings = policy.settings;
  const std::string grant = text_of(settings, "grant"), authority = text_of(settings, "authority");
  if (authority.empty() || grant.empty()) {
    return misconfigured("OAuth 2 needs an authority and a grant");
  }
  if (grant == "authorization_code") {
    return misconfigured("the authorization_code grant needs a user to log in; use another grant");
  }
  if (endpoint.empty()) {
    endpoint = text_of(settings.get("endpoints"), "token");
    endpoint = joined(authority, endpoint.empty() ? "/oauth2/token" : endpoint);
  }
  HttpRequest request;
  request.method = "POST";
  request.url = std::move(endpoint);
  json::Value form = token_form(settings);
  put_client(form, request, settings.get("client"));
  const bool as_json = text_of(settings.get("request"), "encoding") == "application/json";
  request.body = as_json ? form.dump() : form_encoded(form);
  request.headers.emplace_back("Content-Type",
                               as_json ? "application/json" : "application/x-www-form-urlencoded");
  request.headers.emplace_back("Accept", "application/json");
  return request;
}

std::variant<Token, Error> token_of(const Policy& policy, const HttpReply& reply) {
  const std::string authority = text_of(policy.settings, "authority");
  if (reply.fault != HttpFault::kNone) {
    Error error =
        Error::of(ErrorKind::kAuthentication, "no token from " + authority + ": " + reply.message);
    error.retryable = true;
    return error;
  }
  Result<json::Value> body = json::parse(reply.body);
  const std::string text = body ? text_of(*body, "access_token") : "";
  if (reply.status != 200 || text.empty()) {
    Error error = Error::of(ErrorKind::kAuthentication,
                            authority + " gave no token: status " + std::to_string(reply.status) +
                                (body ? " " + text_of(*body, "error") : ""));
    error.retryable = reply.status >= 500;
    return error;
  }
  const int64_t lives = body->get("expires_in").as_integer().value_or(0);
  return Token{text, static_cast<uint64_t>(std::max<int64_t>(lives, 0))};
}

}  // namespace penstock::executor
