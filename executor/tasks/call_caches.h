// What calls keep for each other: access tokens and fetched documents. Bounded, thrown away whole
// when full. One executor's, loop thread only; never written anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "executor/json/value.h"

namespace penstock::executor {

template <class T>
class ExpiringCache {
 public:
  explicit ExpiringCache(size_t entries_max) : entries_max_(entries_max) {}

  std::optional<T> find(const std::string& key, uint64_t now_ms) const {
    auto found = entries_.find(key);
    if (found == entries_.end() || found->second.expires_ms <= now_ms) return std::nullopt;
    return found->second.value;
  }
  void put(const std::string& key, T value, uint64_t expires_ms) {
    if (entries_.size() >= entries_max_) entries_.clear();
    entries_[key] = {std::move(value), expires_ms};
  }
  void erase(const std::string& key) { entries_.erase(key); }

 private:
  struct Entry {
    T value;
    uint64_t expires_ms;
  };
  size_t entries_max_;
  std::unordered_map<std::string, Entry> entries_;
};

struct CallCaches {
  ExpiringCache<std::string> tokens{1000};    ///< by the authentication that got them
  ExpiringCache<json::Value> documents{100};  ///< OpenAPI documents by address
};

}  // namespace penstock::executor
