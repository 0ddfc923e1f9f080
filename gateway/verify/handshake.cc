#include "gateway/verify/handshake.h"

#include <algorithm>

#include "gateway/app/json_text.h"
#include "gateway/verify/form.h"
#include "gateway/verify/json_fact.h"
#include "gateway/verify/mac.h"

namespace penstock::verify {

namespace {

constexpr size_t challenge_bytes_max = 1024;

using gateway::Response;

/// The challenge itself, never as anything a browser would run.
Response echo(std::string challenge) {
  Response response;
  response.content_type = "text/plain";
  response.headers = "X-Content-Type-Options: nosniff\r\n";
  response.body = std::move(challenge);
  return response;
}

Response json(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

std::string json_quoted(std::string_view text) {
  std::string out;
  gateway::append_json_string(out, text);
  return out;
}

bool fits(const std::string& challenge) {
  return !challenge.empty() && challenge.size() <= challenge_bytes_max;
}

/// What we sign for whoever asks must never be what an event could be: letters and digits only.
bool is_token(const std::string& text) {
  const auto good = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_' || c == '=';
  };
  return fits(text) && std::all_of(text.begin(), text.end(), good);
}

std::optional<Response> answer_slack(const JsonFacts& body) {
  const std::string challenge = body.text("/challenge").value_or("");
  if (body.text("/type") != "url_verification" || !fits(challenge)) return std::nullopt;
  return echo(challenge);
}

std::optional<Response> answer_zoom(const JsonFacts& body, const std::string& secret) {
  const std::string token = body.text("/payload/plainToken").value_or("");
  if (body.text("/event") != "endpoint.url_validation" || !is_token(token)) return std::nullopt;
  const std::string answer = encode(Encoding::kHex, MacKey(Hash::kSha256, secret).sign(token));
  return json("{\"plainToken\":" + json_quoted(token) + ",\"encryptedToken\":\"" + answer + "\"}");
}

std::optional<Response> answer_discord(const JsonFacts& body) {
  if (body.number("/type") != 1) return std::nullopt;
  return json("{\"type\":1}");
}

std::optional<Response> answer_meta(const FormFields& query, std::string_view verify_token) {
  const std::string challenge = form_value(query, "hub.challenge");
  if (form_value(query, "hub.mode") != "subscribe" || !fits(challenge)) return std::nullopt;
  const bool known =
      !verify_token.empty() && same_bytes(form_value(query, "hub.verify_token"), verify_token);
  if (known) return echo(challenge);
  return gateway::problem(Code::kForbidden, "hub.verify_token is not this trigger's");
}

std::optional<Response> answer_dropbox(const FormFields& query) {
  const std::string challenge = form_value(query, "challenge");
  return fits(challenge) ? std::optional(echo(challenge)) : std::nullopt;
}

std::optional<Response> answer_x(const FormFields& query, const std::string& secret) {
  const std::string token = form_value(query, "crc_token");
  if (!is_token(token)) return std::nullopt;
  const std::string answer = encode(Encoding::kBase64, MacKey(Hash::kSha256, secret).sign(token));
  return json("{\"response_token\":\"sha256=" + answer + "\"}");
}

/// Is it safe to stand in a header of ours?
bool is_origin(std::string_view text) {
  const auto good = [](char c) { return c > 0x20 && c < 0x7f && c != ',' && c != ';'; };
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), good);
}

}  // namespace

std::optional<Response> answer_signed_handshake(const Preset& preset,
                                                std::span<const std::string> secrets,
                                                const SignedRequest& request) {
  const bool known = preset.name == "slack" || preset.name == "zoom" || preset.name == "discord";
  // Handshakes are short: a long body is not worth a second parse.
  if (!known || request.method != "POST" || request.body.size() > 4 * challenge_bytes_max)
    return std::nullopt;
  const JsonFacts body(request.body);
  if (preset.name == "slack") return answer_slack(body);
  if (preset.name == "discord") return answer_discord(body);
  return secrets.empty() ? std::nullopt : answer_zoom(body, secrets[0]);
}

std::optional<Response> answer_unsigned_handshake(const Preset& preset,
                                                  const SignedRequest& request,
                                                  std::string_view query,
                                                  const HandshakeSettings& settings) {
  if (preset.name == "trello" && request.method == "HEAD") return Response{};
  if (request.method != "GET") return std::nullopt;
  const Result<FormFields> fields = parse_form(query);
  if (!fields) return std::nullopt;
  if (preset.name == "meta") return answer_meta(*fields, settings.verify_token);
  if (preset.name == "dropbox") return answer_dropbox(*fields);
  if (preset.name == "x" && !settings.secrets.empty())
    return answer_x(*fields, settings.secrets[0]);
  return std::nullopt;
}

std::optional<Response> answer_cloudevents_options(const SignedRequest& request,
                                                   const HandshakeSettings& settings) {
  const auto origin = header_value(request, "webhook-request-origin");
  if (request.method != "OPTIONS" || !origin || !is_origin(*origin)) return std::nullopt;
  Response response;
  response.headers = "Allow: POST\r\nWebHook-Allowed-Origin: " + std::string(*origin) + "\r\n";
  const std::string rate =
      settings.rate_per_minute == 0 ? "*" : std::to_string(settings.rate_per_minute);
  if (header_value(request, "webhook-request-rate"))
    response.headers += "WebHook-Allowed-Rate: " + rate + "\r\n";
  return response;
}

}  // namespace penstock::verify
