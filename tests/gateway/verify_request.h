// A small language for requests in the tests of signatures.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/verify/verifier.h"

namespace doctest {
template <>
struct StringMaker<penstock::verify::Reason> {
  static String convert(penstock::verify::Reason reason) {
    const std::string_view word = penstock::verify::reason_word(reason);
    return String(word.data(), static_cast<unsigned>(word.size()));
  }
};
}  // namespace doctest

namespace penstock::verify {

constexpr int64_t test_now_s = 1'790'000'000;

/// A request that owns its text; each setter returns it.
class TestRequest {
 public:
  explicit TestRequest(std::string body = "{}") : body_(std::move(body)) {}

  TestRequest& header(std::string name, std::string value) {
    names_.push_back(std::move(name));
    values_.push_back(std::move(value));
    headers_.push_back({names_.back(), values_.back()});
    return *this;
  }
  TestRequest& url(std::string url) {
    url_ = std::move(url);
    return *this;
  }
  TestRequest& method(std::string method) {
    method_ = std::move(method);
    return *this;
  }
  TestRequest& body(std::string body) {
    body_ = std::move(body);
    return *this;
  }
  SignedRequest view() const { return {method_, url_, headers_, body_}; }

 private:
  std::string method_ = "POST", url_, body_;
  std::deque<std::string> names_, values_;
  std::vector<HeaderView> headers_;
};

inline std::string hex_hmac(std::string_view secret, std::string_view text,
                            Hash hash = Hash::kSha256) {
  return encode(Encoding::kHex, MacKey(hash, secret).sign(text));
}

inline std::string base64_hmac(std::string_view secret, std::string_view text,
                               Hash hash = Hash::kSha256) {
  return encode(Encoding::kBase64, MacKey(hash, secret).sign(text));
}

inline Verdict judge(const Preset& preset, const std::vector<std::string>& secrets,
                     const TestRequest& request, int64_t now_s = test_now_s) {
  const Result<Verifier> verifier = Verifier::create(preset, secrets);
  REQUIRE_MESSAGE(verifier.ok(), verifier.status().message());
  return verifier->verify(request.view(), {.now_s = now_s});
}

inline Verdict judge(const char* preset, const std::vector<std::string>& secrets,
                     const TestRequest& request, int64_t now_s = test_now_s) {
  const Preset* known = find_preset(preset);
  REQUIRE(known != nullptr);
  return judge(*known, secrets, request, now_s);
}

}  // namespace penstock::verify
