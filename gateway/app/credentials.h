// The gateway's own secrets: the admin token, and the key that API keys are hashed with.
//
// Lifecycle: open() at start, then read only. Loop thread. Files of the data folder, mode 0600,
// made on first start: `admin-token` (text) and `secret-key` (32 raw bytes).
// Limitations: losing `secret-key` makes every API key and password invalid; back the folder up as
// a whole. Passwords are hashed with that key and not by a slow function, which would stall the
// loop: whoever has the folder can try passwords fast, so they should be long and random.
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
  /// A user's password as it is kept: a keyed hash over salt, name and password.
  records::BasicUser stored_user(const std::string& name, std::string_view password) const;
  /// Constant time.
  bool is_password(const records::BasicUser& user, std::string_view name,
                   std::string_view password) const;
  /// The one of these keys that it is; null: none.
  template <class Keys>
  const records::ApiKey* find(const Keys& keys, std::string_view presented) const {
    const std::string hash = hash_key(presented);
    const records::ApiKey* found = nullptr;
    for (const records::ApiKey& key : keys)
      if (same_bytes(key.hash(), hash)) found = &key;
    return found;
  }
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
  std::string hash_user(std::string_view salt, std::string_view name,
                        std::string_view password) const;
  static bool same_bytes(std::string_view a, std::string_view b);

  std::string admin_token_hash_;
  std::string secret_key_;
};

}  // namespace penstock::gateway
