#include "gateway/config/fields.h"

#include <algorithm>

namespace penstock::gateway {

namespace {

using enum FieldKind;
constexpr uint64_t day_ms = 86'400'000;

const Field table[] = {
    {"data", kPath, &Config::data, "DIR",
     "the data folder: events, results, definitions, admin-token"},
    {"listen", kAddress, &Config::listen, "HOST:PORT", "where senders post and callers poll"},
    {"admin_listen", kAddress, &Config::admin_listen, "HOST:PORT",
     "where operators and the web page connect; on a public address only with TLS"},
    {"public_url", kText, &Config::public_url, "URL",
     "the senders' address as the world sees it; triggers print it"},
    {"queue", kText, &Config::queue, "ENGINE",
     "rocksdb, or nats://HOST:PORT; memory-only-for-tests loses all at exit"},
    {"accept_loss", kSwitch, &Config::accept_loss, "",
     "start although acknowledged events are missing from the data folder"},
    {"executors", kCount, &Config::executors, "N",
     "executor processes to run here (default: one a core; 0: only those from elsewhere)", 0, 256},
    {"executor_slots", kCount, &Config::executor_slots, "N", "runs that one executor holds at once",
     1, 1'000'000},
    {"allow_egress", kList, &Config::allow_egress, "CIDR",
     "a private network that workflows may call"},
    {"cacert", kPath, &Config::cacert, "FILE",
     "PEM certificates that workflows' calls trust besides the system's"},
    {"resolve", kList, &Config::resolve, "HOST:PORT:ADDR:PORT",
     "sends workflows' calls for HOST:PORT to ADDR:PORT"},
    {"allow_run", kList, &Config::allow_run, "shell|script|mcp|network",
     "what workflows may start here, sandboxed: shell commands, scripts, MCP servers over stdio; "
     "network: these may connect anywhere"},
    {"chat_concurrency", kCount, &Config::chat_concurrency, "N",
     "calls of models that one executor has in flight to one endpoint", 1, 1'000'000},
    {"chat_per_minute", kCount, &Config::chat_per_minute, "N",
     "calls of models that one executor begins a minute at one endpoint (0: no limit)", 0,
     10'000'000},
    {"tls_cert", kPath, &Config::tls_cert, "FILE", "certificate chain of the senders' listener"},
    {"tls_key", kPath, &Config::tls_key, "FILE", "its private key"},
    {"admin_tls_cert", kPath, &Config::admin_tls_cert, "FILE",
     "certificate chain of the operators' listener"},
    {"admin_tls_key", kPath, &Config::admin_tls_key, "FILE", "its private key"},
    {"behind_proxy", kSwitch, &Config::behind_proxy, "",
     "a proxy in front ends TLS; its X-Forwarded-For is believed"},
    {"trusted_proxies", kList, &Config::trusted_proxies, "CIDR",
     "with behind_proxy: whose X-Forwarded-For is believed (default: by proxy_hops)"},
    {"proxy_hops", kCount, &Config::proxy_hops, "N",
     "with behind_proxy: how many proxies stand between us and the senders", 1, 32},
    {"worker_listen", kAddress, &Config::worker_listen, "HOST:PORT",
     "where executors on other machines connect"},
    {"worker_token_file", kPath, &Config::worker_token_file, "FILE",
     "the token such executors show"},
    {"worker_tls_cert", kPath, &Config::worker_tls_cert, "FILE",
     "certificate chain of the executors' listener"},
    {"worker_tls_key", kPath, &Config::worker_tls_key, "FILE", "its private key"},
    {"body_bytes_max", kBytes, &Config::body_bytes_max, "SIZE", "largest body; 413 beyond", 1,
     limits::body_bytes_ceiling},
    {"connections_max", kCount, &Config::connections_max, "N", "connections held open at once", 1,
     1'000'000},
    {"queue_events_max", kCount, &Config::queue_events_max, "N",
     "events waiting for their end; 503 queue_full beyond", 1},
    {"attempts_max", kCount, &Config::attempts_max, "N", "tries of a run before it is dead", 1,
     1000},
    {"reply_wait_ms", kDuration, &Config::reply_wait_ms, "TIME",
     "how long a held reply waits before it turns into 202", 0, limits::reply_wait_ms_max},
    {"event_retention_ms", kDuration, &Config::event_retention_ms, "TIME",
     "how long events are kept after their end", 1000, 3650 * day_ms},
    {"result_retention_ms", kDuration, &Config::result_retention_ms, "TIME",
     "how long results can be fetched", 1000, 3650 * day_ms},
    {"drain_ms", kDuration, &Config::drain_ms, "TIME", "how long SIGTERM waits for running work", 0,
     day_ms},
    {"log_level", kChoice, &Config::log_level, "debug|info|warn|error", "the least that is logged"},
    {"log_format", kChoice, &Config::log_format, "auto|text|json",
     "auto: text on a terminal, JSON elsewhere"},
};

std::string renamed(std::string_view prefix, std::string_view name, char joint, bool upper) {
  std::string out(prefix);
  for (const char c : name) {
    out += c == '_' ? joint : upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

}  // namespace

std::string Field::flag() const {
  return renamed("--", name, '-', false);
}
std::string Field::env() const {
  return renamed("PENSTOCK_", name, '_', true);
}

std::span<const Field> fields() {
  return table;
}

const Field* find_field(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Field::name);
  return found == std::end(table) ? nullptr : found;
}

std::vector<std::string_view> field_names() {
  std::vector<std::string_view> names;
  for (const Field& field : table) names.push_back(field.name);
  return names;
}

}  // namespace penstock::gateway
