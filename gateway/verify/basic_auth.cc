#include "gateway/verify/basic_auth.h"

#include <algorithm>

#include "gateway/verify/encoding.h"
#include "gateway/verify/mac.h"
#include "gateway/verify/request.h"

namespace penstock::verify {

std::optional<BasicCredentials> parse_basic(std::string_view authorization) {
  static constexpr std::string_view kWord = "basic";
  if (authorization.size() <= kWord.size() || authorization[kWord.size()] != ' ') return {};
  if (!same_name(authorization.substr(0, kWord.size()), kWord)) return {};
  authorization.remove_prefix(kWord.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  const auto pair = decode(Encoding::kBase64, authorization);
  const size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return {};
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(pair->begin(), pair->end(), control)) return {};
  return BasicCredentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

bool same_credentials(const BasicCredentials& a, const BasicCredentials& b) {
  const auto hash = [](const std::string& text) {
    const std::string_view piece = text;
    return digest(Hash::kSha256, Pieces(&piece, 1));  // of one length, whatever the text's
  };
  const bool user = same_bytes(hash(a.user), hash(b.user));
  const bool password = same_bytes(hash(a.password), hash(b.password));
  return user && password;
}

}  // namespace penstock::verify
