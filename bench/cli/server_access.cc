#include "bench/cli/server_access.h"

#include <fstream>

#include "bench/http/fetch.h"

namespace penstock::bench {

Result<std::string> ServerAccess::get(const std::string& path) const {
  std::string bearer = token;
  if (bearer.empty() && !token_file.empty()) {
    std::ifstream file(token_file);
    if (!std::getline(file, bearer)) return Status::io("cannot read the token in " + token_file);
  }
  FetchRequest request{url + path, {}, tls, 10'000};
  if (!bearer.empty()) request.headers.push_back("Authorization: Bearer " + bearer);
  auto answer = fetch(request);
  if (!answer) return answer.status();
  if (answer->status == 401 || answer->status == 403)
    return Status::invalid(url + path +
                           " wants the admin token: --token, --token-file or PENSTOCK_TOKEN");
  if (answer->status != 200)
    return Status::unavailable(url + path + " answered " + std::to_string(answer->status));
  return std::move(answer->body);
}

Result<ServerCounts> ServerAccess::stats() const {
  const auto text = get("/v1/stats");
  if (!text) return text.status();
  return parse_stats(*text);
}

Result<std::string> ServerAccess::limits() const {
  return get("/v1/limits");
}

}  // namespace penstock::bench
