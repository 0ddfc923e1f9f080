// The gateway's own secrets: the admin token, and the key that API keys are hashed with.
//
// Lifecycle: open() at start, then read only. Loop thread. Files of the data folder, mode 0600,
// made on first start: `admin-token` (text) and `secret-key` (32 raw bytes).
// Limitations: losing `secret-key` makes every API key invalid; back the folder up as a whole.
#pragma once

#include <string>
#include <string_view>

#include "proto/records.pb.h"
#include "proto/status.h"

namespace penstock::gateway {

class Credentials {
 public:
  /// Faults: kIo with the file's name.
  static Result<Credentials> open(const std::string& data_dir);

  /// Constant time.
  bool is_admin(std::string_view presented) const;
  /// A fresh secret of 256 bits behind `prefix`, letters and digits only.
  static std::string make_secret(std::string_view prefix);
  /// A trigger's URL token: 160 random bits.
  static std::string make_url_token();
  /// The stored form of an API key; the key itself is kept nowhere.
  records::ApiKey stored_key(std::string_view key, uint64_t created_at_ms) const;
  /// Is it one of these keys? Compares with all of them, each in constant time.
  template <class Keys>
  bool matches(const Keys& keys, std::string_view presented) const {
    const std::string hash = hash_key(presented);
    bool found = false;
    for (const records::ApiKey& key : keys) found |= same_bytes(key.hash(), hash);
    return found;
  }

 private:
  std::string hash_key(std::string_view key) const;
  static bool same_bytes(std::string_view a, std::string_view b);

  std::string admin_token_hash_;
  std::string secret_key_;
};

}  // namespace penstock::gateway
