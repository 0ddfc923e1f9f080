#include "gateway/app/audit.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/json_text.h"
#include "gateway/app/trigger_settings.h"
#include "gateway/verify/encoding.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

static constexpr uint32_t kPageDefault = 100, kPageMax = 1000;

std::string who_of(const OperatorRequest& request) {
  return "admin@" + std::string(request.head.remote);
}

void audit(Context& context, const OperatorRequest& request, const std::string& action,
           const std::string& subject, const std::string& detail) {
  context.queue.audit({who_of(request), action, subject, detail});
}

std::string change_json(const records::TriggerDefinition* before,
                        const records::TriggerDefinition& after, const Config& config) {
  Json old_settings = Json::object(), settings = Json::object(), changed = Json::object();
  if (before) show_settings(*before, config, old_settings);
  show_settings(after, config, settings);
  for (const auto& [name, value] : settings.items()) {
    const Json old = old_settings.contains(name) ? old_settings[name] : Json(nullptr);
    if (old != value) changed[name] = Json::array({old, value});
  }
  const Json change = {{"version", after.version()}, {"changed", changed}};
  return change.dump(-1, ' ', false, Json::error_handler_t::replace);
}

static uint64_t number_of(const std::optional<std::string>& text) {
  uint64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

void AuditApi::on_request(const OperatorRequest& request) {
  if (!request.is(Method::kGet) && !request.is(Method::kHead))
    return respond_wrong_method(context_.server, request.exchange, "GET");
  const uint64_t limit = number_of(request.query("limit"));
  const auto cookie = context_.pending.read(
      [this, exchange = request.exchange](queue::ReadDone& done) { answer(exchange, done); });
  const auto page =
      static_cast<uint32_t>(std::min<uint64_t>(limit ? limit : kPageDefault, kPageMax));
  context_.queue.read_audit(number_of(request.query("cursor")), page, cookie);
}

void AuditApi::answer(ExchangeId exchange, queue::ReadDone& done) {
  if (!done.status.ok())
    return context_.server.respond(
        exchange, problem(Code::kInternal, "cannot read: " + done.status.message()));
  const auto& page = std::get<queue::AuditPage>(done.value);
  Json rows = Json::array();
  const auto hex = [](const std::string& bytes) {
    return verify::encode(verify::Encoding::kHex, bytes);
  };
  for (const auto& [sequence, record] : page.rows) {
    // `detail` is the text that the hash is over; its reader parses it.
    rows.push_back({{"sequence", sequence},
                    {"at", iso_time(record.at_ms())},
                    {"at_ms", record.at_ms()},
                    {"who", record.who()},
                    {"action", record.action()},
                    {"subject", record.subject()},
                    {"detail", record.detail()},
                    {"previous_hash", hex(record.previous_hash())},
                    {"hash", hex(record.hash())}});
  }
  const Json next = page.next ? Json(std::to_string(page.next)) : Json(nullptr);
  respond_json(context_.server, exchange, 200, {{"audit", rows}, {"next", next}});
}

}  // namespace penstock::gateway
