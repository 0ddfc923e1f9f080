// The published key sets (JWKS) that tokens are checked with: fetched when they are first wanted,
// anew when they are old or a token names a key they lack, at most once in limits::jwks_retry_ms.
//
// Lifecycle: construct on a loop; want() ahead of need; close() before the loop ends. Loop thread;
// the fetch itself runs in libuv's thread pool and touches only its own job.
// Fetches go to public addresses only, and to what allow_egress names; every address that is
// connected to is looked at, so a name that resolves to a private one does not get there. No
// redirects. A set that cannot be fetched leaves the old one in force.
#pragma once

#include <uv.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/log/log.h"
#include "gateway/verify/address_rules.h"
#include "gateway/verify/jwk.h"
#include "proto/clock.h"

namespace penstock::gateway {

class JwksCache {
 public:
  JwksCache(uv_loop_t* loop, const Config& config, const Clock& clock, Logger& log);
  ~JwksCache();
  JwksCache(const JwksCache&) = delete;
  JwksCache& operator=(const JwksCache&) = delete;

  /// The keys, or null while there are none. Fetches what is missing or old.
  const verify::JwkSet* keys(const std::string& url);
  /// A token names a key that is not among them. True: a fetch is under way and may bring it.
  bool refresh(const std::string& url);
  /// A fetch is under way.
  bool is_fetching(const std::string& url) const;
  /// Called once the fetch under way is over; never when the gateway ends before.
  void when_fetched(const std::string& url, std::function<void()> then);
  /// Why the last fetch failed; "" it did not.
  std::string fault(const std::string& url) const;
  void close();

 private:
  struct Set {
    std::unique_ptr<verify::JwkSet> keys;
    uint64_t fetched_at_ms = 0, tried_at_ms = 0;  // monotonic; 0 never
    bool fetching = false;
    std::string fault;
    std::vector<std::function<void()>> waiting;
  };
  struct Job;
  void fetch(const std::string& url, Set& set);
  void fetched(const Job& job);

  uv_loop_t* loop_;
  const Config& config_;
  const Clock& clock_;
  Logger& log_;
  verify::AddressRules closed_, opened_;
  std::map<std::string, Set> sets_;
  std::shared_ptr<std::atomic<bool>> stopped_;
};

}  // namespace penstock::gateway
