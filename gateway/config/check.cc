// What only shows when the fields are looked at together.
#include <arpa/inet.h>

#include "gateway/config/load.h"
#include "gateway/config/units.h"

namespace penstock::gateway {

namespace {

using Lines = std::vector<std::string>;

void check_pair(const std::string& cert, const std::string& key, std::string_view prefix,
                Lines& errors) {
  if (cert.empty() == key.empty()) return;
  const std::string have(cert.empty() ? "tls_key" : "tls_cert"),
      lacks(cert.empty() ? "tls_cert" : "tls_key");
  errors.push_back(std::string(prefix) + have + " is set but " + std::string(prefix) + lacks +
                   " is not: TLS needs both");
}

void check_listeners(const Config& c, Lines& errors, Lines& warnings) {
  if (c.listen == c.admin_listen && c.listen.port != 0) {
    errors.push_back("listen and admin_listen are both " + c.listen.text() +
                     ": give one another port");
  }
  if (!c.admin_listen.is_loopback() && c.admin_tls_cert.empty()) {
    errors.push_back(
        "admin_listen " + c.admin_listen.text() +
        " can be reached from other machines: set admin_tls_cert and admin_tls_key, or "
        "listen on 127.0.0.1");
  }
  if (!c.listen.is_loopback() && c.tls_cert.empty() && !c.behind_proxy) {
    warnings.push_back(
        "listen " + c.listen.text() +
        " takes webhooks without TLS: set tls_cert and tls_key, or behind_proxy when a "
        "proxy ends TLS");
  }
}

void check_workers(const Config& c, Lines& errors) {
  if (!c.worker_listen.is_set()) return;
  if (c.worker_token_file.empty()) {
    errors.push_back("worker_listen needs worker_token_file: executors must show who they are");
  }
  if (!c.worker_listen.is_loopback() && c.worker_tls_cert.empty()) {
    errors.push_back("worker_listen " + c.worker_listen.text() +
                     " can be reached from other machines: set worker_tls_cert and worker_tls_key");
  }
}

void check_queue(const Config& c, Lines& errors, Lines& warnings) {
  if (c.queue.starts_with("nats://")) {
    errors.push_back("queue " + c.queue + ": NATS is not in this build yet: use rocksdb");
  } else if (c.queue != "rocksdb" && !c.memory_queue()) {
    errors.push_back("queue \"" + c.queue +
                     "\" is none of rocksdb, nats://HOST:PORT, memory-only-for-tests");
  }
  if (c.memory_queue())
    warnings.push_back("queue memory-only-for-tests: every event is lost at exit");
  if (c.data.empty()) errors.push_back("data is empty: name a folder");
  if (c.result_retention_ms > c.event_retention_ms) {
    errors.push_back("result_retention_ms " + show_duration(c.result_retention_ms) +
                     " is longer than event_retention_ms " + show_duration(c.event_retention_ms) +
                     ": a result cannot outlive its event");
  }
}

bool is_cidr(const std::string& text) {
  const size_t slash = text.find('/');
  const std::string host = text.substr(0, slash);
  in6_addr room{};
  const bool v4 = inet_pton(AF_INET, host.c_str(), &room) == 1;
  const bool v6 = !v4 && inet_pton(AF_INET6, host.c_str(), &room) == 1;
  if (slash == std::string::npos) return v4 || v6;
  const Result<uint64_t> bits = parse_count(std::string_view(text).substr(slash + 1));
  return bits.ok() && ((v4 && *bits <= 32) || (v6 && *bits <= 128));
}

/// HOST:PORT:ADDR:PORT; the last two may have a bracketed IPv6 address.
bool is_resolve(const std::string& text) {
  const size_t first = text.find(':');
  const size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  if (second == std::string::npos || first == 0) return false;
  return Address::parse(text.substr(0, second)).ok() &&
         Address::parse(text.substr(second + 1)).ok();
}

void check_egress(const Config& c, Lines& errors) {
  for (const std::string& entry : c.allow_egress) {
    if (!is_cidr(entry))
      errors.push_back("allow_egress \"" + entry + "\" is no network such as 10.0.0.0/8");
  }
  for (const std::string& entry : c.resolve) {
    if (!is_resolve(entry))
      errors.push_back("resolve \"" + entry + "\" is not HOST:PORT:ADDR:PORT");
  }
}

void check_proxies(const Config& c, Lines& errors) {
  for (const std::string& entry : c.trusted_proxies) {
    if (!is_cidr(entry))
      errors.push_back("trusted_proxies \"" + entry + "\" is no network such as 10.0.0.0/8");
  }
  if (!c.trusted_proxies.empty() && !c.behind_proxy)
    errors.push_back("trusted_proxies is set but behind_proxy is not: nobody's word is taken");
}

void check_run(const Config& c, Lines& errors) {
  for (const std::string& word : c.allow_run) {
    if (word != "shell" && word != "script" && word != "mcp" && word != "network")
      errors.push_back("allow_run \"" + word + "\" is none of shell, script, mcp, network");
  }
}

void check_public_url(const Config& c, Lines& errors) {
  const std::string& url = c.public_url;
  if (url.empty()) return;
  const size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || scheme == url.size() || url.find_first_of("?# \t\r\n") != std::string::npos) {
    errors.push_back("public_url \"" + url + "\" is not http(s)://HOST[/PATH]");
  }
}

}  // namespace

void check_config(const Config& config, Lines& errors, Lines& warnings) {
  check_pair(config.tls_cert, config.tls_key, "", errors);
  check_pair(config.admin_tls_cert, config.admin_tls_key, "admin_", errors);
  check_pair(config.worker_tls_cert, config.worker_tls_key, "worker_", errors);
  check_listeners(config, errors, warnings);
  check_workers(config, errors);
  check_queue(config, errors, warnings);
  check_egress(config, errors);
  check_proxies(config, errors);
  check_run(config, errors);
  check_public_url(config, errors);
}

}  // namespace penstock::gateway
