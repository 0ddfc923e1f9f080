#include "gateway/app/intake.h"

#include <algorithm>

#include "gateway/app/auth.h"
#include "gateway/app/cloud_event.h"
#include "gateway/app/form_json.h"
#include "gateway/app/json_slices.h"
#include "gateway/app/unpack.h"

namespace penstock::gateway {

static constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view hook_path(std::string_view path) {
  static constexpr std::string_view kHooks = "/hooks/";
  if (!path.starts_with(kHooks)) return {};
  const size_t slash = path.find('/', kHooks.size());
  return slash == std::string_view::npos ? std::string_view() : path.substr(slash);
}

static MediaType type_of(const RequestHead& head) {
  return MediaType::parse(head.header("content-type").value_or(""));
}

/// What nearly every delivery says; told apart here so that the rest costs it nothing.
static bool is_plain_json(const RequestHead& head) {
  const auto type = head.header("content-type");
  return type && *type == "application/json";
}

static bool is_urlencoded(const MediaType& type) {
  return type.is("application/x-www-form-urlencoded");
}
static bool is_lines(const MediaType& type) {
  return type.is("application/x-ndjson") || type.is("application/ndjson") ||
         type.is("application/jsonl");
}
static bool is_cloud_events(const MediaType& type) {
  return type.is("application/cloudevents-batch+json");
}
static bool is_batch(const MediaType& type) {
  return is_lines(type) || is_cloud_events(type);
}
static bool is_multipart(const MediaType& type) {
  return type.is("multipart/form-data");
}

std::optional<Response> Intake::refuse_method(const records::TriggerDefinition& trigger,
                                              const RequestHead& head) const {
  if (head.method == Method::kPost) return std::nullopt;
  std::string allowed = "POST";
  for (const std::string& method : trigger.intake().methods()) {
    if (head.method_text == method) return std::nullopt;
    allowed += ", " + method;
  }
  Response answer =
      problem(Code::kMethodNotAllowed, "Send events to this URL with " + allowed + ".");
  answer.headers.append("Allow: ").append(allowed).append("\r\n");
  return answer;
}

std::optional<Response> Intake::refuse_type(const records::TriggerDefinition& trigger,
                                            const RequestHead& head) const {
  if (!content_encoding(head.header("content-encoding").value_or(""))) {
    Response answer = problem(Code::kUnsupportedMediaType,
                              "Content-Encoding is one of gzip, deflate and zstd, and only one.");
    answer.headers.append("Accept-Encoding: ").append(known_encodings).append("\r\n");
    return answer;
  }
  if (is_plain_json(head)) return std::nullopt;
  const MediaType type = type_of(head);
  const bool json = type.essence.empty() || type.is_json() || is_batch(type);
  if (json && !type.is_utf8())
    return problem(Code::kUnsupportedMediaType, "JSON is sent as UTF-8; drop the charset.");
  if (json || is_urlencoded(type) || is_multipart(type) || trigger.intake().any_body())
    return std::nullopt;
  if (is_binary_cloud_event(head)) return std::nullopt;
  return problem(Code::kUnsupportedMediaType,
                 "Send JSON with Content-Type: application/json, or let the trigger take other "
                 "bodies with its setting any_body.");
}

uint64_t Intake::bytes_max(const records::TriggerDefinition& trigger,
                           const RequestHead& head) const {
  const uint64_t one =
      trigger.body_bytes_max() ? trigger.body_bytes_max() : context_.config.body_bytes_max;
  if (!trigger.intake().batch() && (is_plain_json(head) || !is_batch(type_of(head)))) return one;
  return std::max<uint64_t>(one, limits::batch_bytes_max);
}

/// What a trigger keeps of the headers; what tells deliveries apart always stays.
static bool is_kept(const records::IntakeRules& rules, std::string_view name) {
  if (rules.keep_headers().empty() || name.starts_with("ce-")) return true;
  return std::ranges::find(rules.keep_headers(), name) != rules.keep_headers().end();
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
    if (!is_kept(trigger.intake(), lower)) continue;
    records::Header& kept = *meta.add_headers();
    kept.set_name(std::move(lower));
    kept.set_value(std::string(value));
  }
  return meta;
}

std::optional<Rejected> Intake::unpack(const records::TriggerDefinition& trigger,
                                       const RequestHead& head, Body& body) const {
  const auto encoding = content_encoding(head.header("content-encoding").value_or(""));
  if (encoding && *encoding != Encoding::kIdentity) {
    auto unpacked = gateway::unpack(*encoding, body.view(), bytes_max(trigger, head));
    if (auto* why = std::get_if<Rejected>(&unpacked)) return std::move(*why);
    body = std::get<Body>(std::move(unpacked));
  }
  if (body.view().starts_with(kByteOrderMark)) body = Body(body.view().substr(3));
  return std::nullopt;
}

Shape Intake::shape(const records::TriggerDefinition& trigger, const RequestHead& head,
                    const Body& body) const {
  if (head.method == Method::kGet) return Shape::kOne;
  if (is_plain_json(head) && !trigger.intake().batch()) return Shape::kOne;
  const MediaType type = type_of(head);
  if (is_lines(type)) return Shape::kLines;
  if (is_cloud_events(type)) return Shape::kCloudEvents;
  const bool json = type.essence.empty() || type.is_json();
  if (trigger.intake().batch() && json && json_first(body.view()) == '[') return Shape::kArray;
  return Shape::kOne;
}

/// What came is put beside what was made of it.
static void replace(Body& body, records::EventMeta& meta, std::string json, const char* form) {
  meta.set_body_form(form);
  meta.set_raw_body(std::string(body.view()));
  body = Body(json);
}

std::optional<Rejected> Intake::read(const records::TriggerDefinition& trigger,
                                     const RequestHead& head, Body& body,
                                     records::EventMeta& meta) {
  const bool binary_event = is_binary_cloud_event(head);
  if (is_plain_json(head) && !binary_event && !body.empty()) return read_json(body);
  const MediaType type = type_of(head);
  if (binary_event)
    if (auto wrong = read_binary_cloud_event(head, meta)) return wrong;
  if (body.empty() && (head.method == Method::kGet || head.method == Method::kDelete)) {
    auto made = form_json(head.query);
    if (auto* why = std::get_if<Rejected>(&made)) return std::move(*why);
    body = Body(std::get<std::string>(made));
    meta.set_body_form("query");
    return std::nullopt;
  }
  if (body.empty() && binary_event) {
    body = Body("null");  // an event without data
    return std::nullopt;
  }
  if (type.is("application/cloudevents+json")) {
    if (auto wrong = read_json(body)) return wrong;
    std::string data;
    if (auto wrong = read_cloud_event(body.view(), meta, data)) return wrong;
    replace(body, meta, std::move(data), "cloudevent");
    return std::nullopt;
  }
  if (type.is_json()) return read_json(body);
  if (is_urlencoded(type)) return read_urlencoded(body, meta);
  if (is_multipart(type)) {
    auto made = multipart_json(body.view(), type.boundary, trigger.intake().any_body());
    if (auto* why = std::get_if<Rejected>(&made)) return std::move(*why);
    replace(body, meta, std::get<std::string>(std::move(made)), "form");
    return std::nullopt;
  }
  if (!type.essence.empty()) return read_other(body, type, meta);
  auto wrong = read_json(body);
  if (wrong && trigger.intake().any_body()) return read_other(body, type, meta);
  return wrong;
}

std::optional<Rejected> Intake::read_json(const Body& body) {
  if (auto fault = json_check_.refuse(body.view()))
    return Rejected{Code::kInvalidJson, *std::move(fault)};
  return std::nullopt;
}

// curl -d names its bodies forms, so a JSON text stays JSON, and a broken one is told so.
std::optional<Rejected> Intake::read_urlencoded(Body& body, records::EventMeta& meta) {
  const char first = json_first(body.view());
  auto fault = json_check_.refuse(body.view());
  if (!fault) return std::nullopt;
  if (first == '{' || first == '[' || first == '"')
    return Rejected{Code::kInvalidJson, *std::move(fault)};
  if (const auto payload = payload_of(body.view())) {
    const Body inner(*payload);
    if (json_first(inner.view()) == '{' && !json_check_.refuse(inner.view())) {
      replace(body, meta, *payload, "form");
      return std::nullopt;
    }
  }
  auto made = form_json(body.view());
  if (auto* why = std::get_if<Rejected>(&made)) return std::move(*why);
  replace(body, meta, std::get<std::string>(std::move(made)), "form");
  return std::nullopt;
}

// Nothing of the raw body is kept beside these: the JSON has all of it.
std::optional<Rejected> Intake::read_other(Body& body, const MediaType& type,
                                           records::EventMeta& meta) {
  const bool text = type.is_text() || type.essence.empty();
  const bool latin1 = text && type.is_latin1();
  const bool as_text = text && (latin1 || (type.is_utf8() && is_utf8(body.view())));
  meta.set_body_form(as_text ? "text" : "binary");
  body =
      Body(as_text ? text_json(body.view(), latin1) : bytes_json(body.view(), meta.content_type()));
  return std::nullopt;
}

}  // namespace penstock::gateway
