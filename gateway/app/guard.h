// What the door remembers of those who come: failed logins, uses of API keys, signatures seen.
//
// Loop thread. In memory only: a restart forgets. Every table is bounded and lets its oldest go
// (proto/limits.h), so a flood of strangers costs memory up to there and no more.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proto/clock.h"

namespace penstock::gateway {

class Guard {
 public:
  explicit Guard(const Clock& clock) : clock_(clock) {}

  // --- failed logins, by whoever tried: an address, or a trigger and an address ---
  void failed(const std::string& who);
  /// Seconds until `who` may try again; 0: now.
  uint32_t wait_s(const std::string& who, uint32_t failures_max) const;

  // --- uses of API keys since start, by the key's hash ---
  struct Use {
    uint64_t count = 0;
    uint64_t last_at_ms = 0;  ///< wall clock; 0: never
  };
  void used(const std::string& key_hash);
  Use use_of(const std::string& key_hash) const;
  void forget_key(const std::string& key_hash) { uses_.erase(key_hash); }

  // --- signatures within their replay window ---
  enum class Sight : uint8_t {
    kFirst,
    kAgain,      ///< under the same name its sender gave the delivery
    kElsewhere,  ///< under another one, or under none
  };
  /// `name`: what the sender calls the delivery, "" when it has no name for it.
  Sight sight(const std::string& signature, std::string_view name, uint64_t window_ms);
  /// The delivery was not kept: its sender may send the same again.
  void forget_signature(const std::string& signature);

 private:
  struct Failures {
    uint64_t since_ms = 0;  ///< monotonic
    uint32_t count = 0;
    std::list<std::string>::iterator age;
  };
  struct Seen {
    uint64_t until_ms = 0;  ///< monotonic
    size_t name_hash = 0;
    bool named = false;
    std::list<std::string>::iterator age;
  };
  void forget_old_signatures(uint64_t now_ms);

  const Clock& clock_;
  std::unordered_map<std::string, Failures> failures_;
  std::list<std::string> failures_by_age_;
  std::unordered_map<std::string, Use> uses_;
  std::unordered_map<std::string, Seen> seen_;
  std::list<std::string> seen_by_age_;
};

}  // namespace penstock::gateway
