// One way of signing requests, as data: where the signature is, what it covers, with which key.
// A preset has one or several of them. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/encoding.h"
#include "gateway/verify/mac.h"
#include "gateway/verify/public_key.h"

namespace penstock::verify {

enum class Method : uint8_t {
  kHmac,
  kDigest,     ///< a bare hash of text that contains the secret
  kToken,      ///< the secret itself, sent along
  kPublicKey,  ///< the sender keeps the private one
};

/// How a secret is written.
enum class SecretForm : uint8_t {
  kText,           ///< its bytes are the key
  kWebhookSecret,  ///< whsec_ and Base64; Base64 without whsec_; any other text is the key itself
  kHex,
  kBase64,
  kPublicKey,     ///< as PublicKey::read() takes it; "whpk_" may stand before it
  kUserPassword,  ///< "user:password"
};

/// How signatures stand in their header.
enum class Layout : uint8_t {
  kWhole,      ///< the value is the signature
  kPrefixed,   ///< `mark` and the signature: sha256=…
  kPairs,      ///< name=value pairs; the one named `mark` is the signature, `time_mark` the time
  kVersioned,  ///< "v1,… v1,…", one space between them
  kList,       ///< several signatures, commas between them
};

enum class TimeUnit : uint8_t { kSeconds, kMilliseconds, kIso8601 };

/// Which spellings of the URL a sender may have signed.
enum class UrlRule : uint8_t {
  kAsGiven,
  kEitherPort,  ///< with and without the scheme's own port
  kUnescaped,   ///< some %XX decoded, or as given
  kWithoutQuery,
};

/// What needs code of its own, because a template cannot say it.
enum class Shape : uint8_t {
  kTemplate,
  kTwilio,   ///< a body that is no form is signed by a hash in the URL
  kPlivo,    ///< sorted query and form fields
  kAdyen,    ///< a signature in each item of the body
  kMailgun,  ///< signature, timestamp and token in the body
};

struct Scheme {
  std::string name = {};  ///< "v1", "sha256": for people
  Method method = Method::kHmac;
  Hash hash = Hash::kSha256;
  KeyKind key = KeyKind::kEd25519;  ///< of kPublicKey
  SecretForm secret = SecretForm::kText;

  std::string header = {};                     ///< of the signature; "" when it is in the body
  std::vector<std::string> more_headers = {};  ///< which may carry further signatures
  std::string when_header = {};  ///< the scheme applies when this header says `when_value` …
  std::string when_value = {};
  bool when_missing = true;  ///< … or is not there
  Layout layout = Layout::kWhole;
  std::string mark = {};
  std::string time_mark = {};
  char separator = ',';
  Encoding encoding = Encoding::kHex;

  std::string time_header = {};   ///< or
  std::string time_pointer = {};  ///< where in a JSON body the time is
  TimeUnit unit = TimeUnit::kSeconds;
  std::string id_header = {};
  uint32_t tolerance_s = 0;        ///< age refused beyond; 0: the scheme has no signed time
  bool tolerance_is_ours = false;  ///< the sender documents none

  std::string text = "{body}";  ///< what is signed; see signed_text.h
  UrlRule url_rule = UrlRule::kAsGiven;
  Shape shape = Shape::kTemplate;

  /// Does what is signed include the body?
  bool covers_body() const {
    return method != Method::kToken && shape != Shape::kMailgun && shape != Shape::kAdyen &&
           (shape != Shape::kTemplate || text.find("{body}") != std::string::npos ||
            text.find("{form}") != std::string::npos);
  }
};

}  // namespace penstock::verify
