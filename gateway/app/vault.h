// Secrets at rest: AES-256-GCM under a key of the data folder, each bound to what it is for, so
// that one sealed value cannot be put in another's place.
//
// Lifecycle: open() at start makes or reads the key file (`vault-keys`, mode 0600: a line a key,
// version and 64 hex digits, the newest last). Rotation: add_key(), seal everything anew, and once
// that is durable forget_old_keys(); a crash in between leaves old and new keys, and both open.
// Loop thread.
// Limitations: losing the file loses every secret; whoever has the data folder has both, so back
// the file up apart from the rest. The two calls of a rotation write and sync the file on the loop.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "proto/records.pb.h"
#include "proto/status.h"

namespace penstock::gateway {

class Vault {
 public:
  /// Faults: kIo, kCorrupt with the file's name.
  static Result<Vault> open(const std::string& data_dir);

  /// `purpose` names what it is for ("secret/NAME", "trigger/NAME/…") and is needed to open it.
  records::SealedSecret seal(std::string_view purpose, std::string_view value,
                             uint64_t now_ms) const;
  /// Fault: kCorrupt when it was sealed for something else, under a key that is gone, or changed.
  Result<std::string> unseal(std::string_view purpose, const records::SealedSecret& sealed) const;
  /// The same value under the newest key; its times stay. Fault: as unseal().
  Status reseal(std::string_view purpose, records::SealedSecret& sealed) const;

  Status add_key();
  Status forget_old_keys();
  uint32_t key_version() const { return keys_.rbegin()->first; }

 private:
  using Keys = std::map<uint32_t, std::string>;  // by version, 32 bytes each
  Status write(Keys keys);

  std::string path_;
  Keys keys_;
};

}  // namespace penstock::gateway
