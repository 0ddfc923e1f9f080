#include "gateway/app/info_api.h"

#include <nlohmann/json.hpp>

#include "gateway/app/json_text.h"
#include "gateway/app/metrics_text.h"

namespace penstock::gateway {

using Json = nlohmann::ordered_json;

bool InfoApi::health(ExchangeId exchange, const RequestHead& head) {
  const bool live = head.path == "/livez";
  if (!live && head.path != "/readyz") return false;
  if (head.method != Method::kGet && head.method != Method::kHead)
    respond_wrong_method(context_.server, exchange, "GET, HEAD");
  else if (live) respond_json(context_.server, exchange, 200, {{"status", "alive"}});
  else ready(exchange);
  return true;
}

void InfoApi::ready(ExchangeId exchange) {
  const bool draining = context_.health.draining, writable = context_.queue.writable();
  const size_t executors = context_.workers.connected();
  const bool looping = context_.health.executors_crash_looping;
  Json checks = {{"storage", writable ? "ok" : "unavailable"},
                 {"executors", looping        ? "crash looping"
                               : executors == 0 ? "none connected"
                                                : "ok"},
                 {"executors_connected", executors},
                 {"executor_restarts", context_.health.executor_restarts},
                 {"draining", draining}};
  const char* status = draining ? "draining" : !writable ? "unavailable"
                       : looping || executors == 0 ? "degraded" : "ready";
  // Degraded still accepts: events are kept until an executor is back.
  respond_json(context_.server, exchange, draining || !writable ? 503 : 200,
               {{"status", status}, {"checks", checks}},
               draining || !writable ? "Retry-After: 1\r\nCache-Control: no-store\r\n"
                                     : "Cache-Control: no-store\r\n");
}

void InfoApi::metrics(ExchangeId exchange) {
  Response answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.body = metrics_text(context_);
  context_.server.respond(exchange, std::move(answer));
}

void InfoApi::stats(const OperatorRequest& request) {
  if (const auto tag = request.query("tag"); tag && !tag->empty())
    return context_.server.respond(
        request.exchange,
        problem(Code::kNotImplemented, "Counters per tag are not in this build; list events with "
                                       "?tag= instead."));
  const queue::Counters c = context_.queue.counters();
  const queue::ServiceMetrics m = context_.queue.metrics();
  respond_json(context_.server, request.exchange, 200,
               {{"accepted", c.accepted},
                {"captured", c.captured},
                {"filtered", c.filtered},
                {"queued", c.queued},
                {"running", c.running},
                {"waiting", c.waiting},
                {"succeeded", c.succeeded},
                {"failed", c.failed},
                {"cancelled", c.cancelled},
                {"dead", c.dead},
                {"oldest_queued_ms", m.oldest_queued_ms},
                {"held", m.held},
                {"duplicates", m.duplicates},
                {"rate_limited", context_.health.rate_limited},
                {"drain_rate_per_s", context_.queue.drain_rate()},
                {"held_replies", context_.waiters.size()},
                {"stream_readers", context_.streams.size()},
                {"executors", context_.workers.connected()}});
}

void InfoApi::limits(ExchangeId exchange) {
  const Config& c = context_.config;
  namespace l = penstock::limits;
  respond_json(
      context_.server, exchange, 200,
      {{"version", PENSTOCK_VERSION},
       {"queue", c.queue},
       {"durability", c.memory_queue() ? "memory" : "disk"},
       {"http",
        {{"head_bytes_max", l::head_bytes_max},
         {"header_fields_max", l::header_fields_max},
         {"target_bytes_max", l::target_bytes_max},
         {"body_bytes_max", c.body_bytes_max},
         {"body_bytes_ceiling", l::body_bytes_ceiling},
         {"json_depth_max", l::json_depth_max},
         {"head_ms_max", l::head_ms_max},
         {"body_floor_bytes_per_s", l::body_floor_bytes_per_s},
         {"body_grace_ms", l::body_grace_ms},
         {"keep_alive_ms_max", l::keep_alive_ms_max},
         {"pipelined_requests_max", l::pipelined_requests_max},
         {"connections_max", c.connections_max}}},
       {"queue_limits",
        {{"queue_events_max", c.queue_events_max},
         {"window_events_max", l::window_events_max},
         {"window_bytes_max", l::window_bytes_max},
         {"attempts_max", c.attempts_max},
         {"retry_first_ms", l::retry_first_ms},
         {"retry_ms_max", l::retry_ms_max},
         {"lease_ms", l::lease_ms},
         {"event_retention_ms", c.event_retention_ms},
         {"result_retention_ms", c.result_retention_ms},
         {"result_bytes_max", l::result_bytes_max}}},
       {"replies",
        {{"reply_wait_ms", c.reply_wait_ms},
         {"reply_wait_ms_max", l::reply_wait_ms_max},
         {"held_replies_max", l::held_replies_max},
         {"stream_readers_max", l::stream_readers_max},
         {"stream_bytes_max", l::stream_bytes_max},
         {"stream_piece_bytes_max", l::stream_piece_bytes_max},
         {"stream_heartbeat_ms", l::stream_heartbeat_ms}}},
       {"mapping",
        {{"samples_max", l::samples_max},
         {"samples_ceiling", l::samples_ceiling},
         {"variables_max", l::variables_max},
         {"variables_bytes_max", l::variables_bytes_max},
         {"expression_bytes_max", l::expression_bytes_max},
         {"schema_bytes_max", l::schema_bytes_max},
         {"screens_max", l::screens_max},
         {"screen_bytes_max", l::screen_bytes_max},
         {"screen_ms_max", l::screen_ms_max}}},
       {"replays", {{"replay_events_max", l::replay_events_max}, {"replay_per_s", l::replay_per_s}}},
       {"executors", {{"supervised", c.executors}, {"slots", c.executor_slots}}},
       {"definitions",
        {{"workflow_bytes_max", l::workflow_bytes_max}, {"name_bytes_max", l::name_bytes_max}}}});
}

void InfoApi::executors(ExchangeId exchange) {
  Json rows = Json::array();
  for (const WorkerInfo& w : context_.workers.list())
    rows.push_back({{"id", w.id},
                    {"name", w.name},
                    {"version", w.version},
                    {"pid", w.pid},
                    {"slots", w.slots},
                    {"running", w.running},
                    {"finished", w.finished},
                    {"rss_bytes", w.rss_bytes},
                    {"draining", w.draining},
                    {"connected_at", iso_time(w.connected_at_ms)}});
  respond_json(context_.server, exchange, 200,
               {{"executors", rows},
                {"restarts", context_.health.executor_restarts},
                {"crash_looping", context_.health.executors_crash_looping}});
}

}  // namespace penstock::gateway
