// Signed receipts: what the gateway can be held to after an ack. Ed25519 (RFC 8032) over a line of
// text that says which event was kept, where in the log and when; the public key is for anybody.
//
// Lifecycle: open() at start makes or reads the key (`receipt-key` of the data folder, 32 bytes,
// mode 0600), then read only. Loop thread.
// Limitations: one key for the life of the data folder; losing the file makes a new one, and old
// receipts are then checked with the public key that was published before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock::gateway {

/// What is signed.
struct Receipt {
  std::string id;           ///< the event's
  std::string body_sha256;  ///< hex, of the body's bytes as they came
  uint64_t position = 0;    ///< how many events had been accepted with this one
  std::string time;         ///< ISO 8601, of the commit
  std::string durability;

  /// "penstock-receipt:v1:ID:SHA256:POSITION:TIME:DURABILITY".
  std::string text() const;
  std::string json(const std::string& signature, const std::string& key_id) const;
  /// The field Penstock-Receipt (a structured dictionary, RFC 8941), line end included.
  std::string header(const std::string& signature, const std::string& key_id) const;
};

/// As an answer carries it; empty: none was asked for.
struct SignedReceipt {
  std::string header;  ///< the line Penstock-Receipt
  std::string json;

  /// The header line, and the member `receipt` of a JSON object.
  void add_to(std::string& headers, std::string& body) const;
};

class Receipts {
 public:
  static Result<Receipts> open(const std::string& data_dir);

  SignedReceipt signed_receipt(const Receipt& receipt) const;
  /// Base64url, without padding.
  std::string sign(const Receipt& receipt) const;
  /// The first characters of the public key's SHA-256, hex: names it.
  const std::string& key_id() const { return key_id_; }
  /// A JSON Web Key Set (RFC 7517) with the one key.
  std::string key_set_json() const;

  /// Raw Ed25519 check; both Base64url. False for anything malformed.
  static bool verify(std::string_view public_key, std::string_view signature,
                     std::string_view text);

 private:
  std::string seed_, public_key_, key_id_;
};

}  // namespace penstock::gateway
