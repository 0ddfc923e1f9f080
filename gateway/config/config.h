// What an operator may set, typed, with its defaults. Filled by load.h from flags, environment and
// file; fields.h has the one table that names every field. Plain data, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/config/address.h"
#include "proto/limits.h"

namespace penstock::gateway {

struct Config {
  std::string data = "penstock-data";       ///< the data folder
  Address listen{"127.0.0.1", 8080};        ///< senders and callers
  Address admin_listen{"127.0.0.1", 8081};  ///< operators
  std::string public_url;                   ///< what triggers print; empty: from `listen`
  std::string queue = "rocksdb";            ///< rocksdb, memory-only-for-tests or nats://HOST:PORT
  bool accept_loss = false;                 ///< open a store that lost acknowledged commits

  uint64_t executors = 0;  ///< processes to supervise; load() sets one a core
  uint64_t executor_slots = limits::executor_slots;  ///< runs one executor holds at once
  std::vector<std::string> allow_egress;  ///< CIDRs that workflows may call although private
  std::string cacert;                     ///< PEM that workflows' calls trust besides the system's
  std::vector<std::string> resolve;       ///< HOST:PORT:ADDR:PORT for workflows' calls

  std::vector<std::string> allow_run;  ///< shell, script, mcp, network: what workflows may start
  uint64_t chat_concurrency = limits::chat_concurrency;  ///< in flight to one endpoint, an executor
  uint64_t chat_per_minute = 0;                          ///< begun to one endpoint, an executor

  std::string tls_cert, tls_key;              ///< of `listen`; both or neither
  std::string admin_tls_cert, admin_tls_key;  ///< of `admin_listen`; both or neither
  bool behind_proxy = false;                  ///< a proxy in front ends TLS; X-Forwarded-For counts

  std::vector<std::string> trusted_proxies;   ///< whose X-Forwarded-For counts; empty: by proxy_hops
  uint64_t proxy_hops = 1;                    ///< proxies between us and the senders

  Address worker_listen;          ///< executors from elsewhere; unset: none
  std::string worker_token_file;  ///< what they must show
  std::string worker_tls_cert, worker_tls_key;

  uint64_t body_bytes_max = limits::body_bytes_max;
  uint64_t connections_max = limits::connections_max;
  uint64_t queue_events_max = limits::queue_events_max;
  uint64_t attempts_max = limits::attempts_max;
  uint64_t reply_wait_ms = limits::reply_wait_ms;
  uint64_t event_retention_ms = limits::event_retention_ms;
  uint64_t result_retention_ms = limits::result_retention_ms;
  uint64_t drain_ms = 30'000;  ///< how long SIGTERM waits for running work

  std::string log_level = "info";   ///< debug, info, warn, error
  std::string log_format = "auto";  ///< text, json; auto: text on a terminal

  /// The queue lives in memory and is lost at exit.
  bool memory_queue() const { return queue == "memory-only-for-tests"; }
  /// What comes before /hooks/…: public_url without its last slash, or http(s)://listen.
  std::string base_url() const;
};

}  // namespace penstock::gateway
