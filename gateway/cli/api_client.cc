#include "gateway/cli/api_client.h"

#include <curl/curl.h>

#include <algorithm>

namespace penstock::gateway {

static constexpr size_t answer_bytes_max = 64 * 1024 * 1024;
static constexpr long connect_ms_max = 5'000;
static constexpr uint64_t answer_ms_max = 30'000;  // beyond what the server was asked to wait

namespace {

/// A curl handle and its header list, freed together.
struct Handle {
  Handle() : easy(curl_easy_init()) {}
  ~Handle() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void header(const std::string& line) { headers = curl_slist_append(headers, line.c_str()); }
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy, option, value);
  }

  CURL* easy;
  curl_slist* headers = nullptr;
};

struct ApiRequest {
  const std::string& method;
  const std::string& path;
  const std::string& body;
  const std::string& content_type;
  uint64_t ms_max;
};

size_t keep_body(char* bytes, size_t size, size_t count, void* to) {
  auto* body = static_cast<std::string*>(to);
  if (body->size() + size * count > answer_bytes_max) return 0;
  body->append(bytes, size * count);
  return size * count;
}

size_t keep_retry_after(char* bytes, size_t size, size_t count, void* to) {
  std::string line(bytes, size * count);
  std::ranges::transform(line, line.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  if (line.starts_with("retry-after: ")) {
    *static_cast<std::string*>(to) = line.substr(13, line.find_first_of("\r\n") - 13);
  }
  return size * count;
}

Status unreachable(const std::string& url, CURLcode code) {
  std::string why = "cannot reach " + url + ": " + curl_easy_strerror(code);
  if (code == CURLE_COULDNT_CONNECT) {
    why += "\nIs `penstock serve` running there? --url or PENSTOCK_URL names another server.";
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) why += "\n--cacert names a certificate to trust.";
  return Status::unavailable(why);
}

void prepare(Handle& h, const ApiServer& server, const ApiRequest& request, ApiAnswer& answer) {
  const std::string url = server.url + request.path;
  h.set(CURLOPT_URL, url.c_str());
  h.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  h.set(CURLOPT_PROTOCOLS_STR, "http,https");
  h.set(CURLOPT_PROXY, "");  // the operators' listener is never behind the caller's web proxy
  h.set(CURLOPT_CONNECTTIMEOUT_MS, connect_ms_max);
  h.set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.ms_max));
  h.set(CURLOPT_NOSIGNAL, 1L);
  h.set(CURLOPT_WRITEFUNCTION, keep_body);
  h.set(CURLOPT_WRITEDATA, &answer.body);
  h.set(CURLOPT_HEADERFUNCTION, keep_retry_after);
  h.set(CURLOPT_HEADERDATA, &answer.retry_after);
  if (!server.cacert.empty()) h.set(CURLOPT_CAINFO, server.cacert.c_str());
  if (!server.token.empty()) h.header("Authorization: Bearer " + server.token);
  if (request.method != "GET" && request.method != "DELETE") {
    h.header("Content-Type: " + request.content_type);
    h.header("Expect:");
    h.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    h.set(CURLOPT_POSTFIELDS, request.body.data());
  }
  h.set(CURLOPT_HTTPHEADER, h.headers);
}

Result<ApiAnswer> perform(const ApiServer& server, const ApiRequest& request) {
  Handle handle;
  ApiAnswer answer;
  prepare(handle, server, request, answer);
  const CURLcode code = curl_easy_perform(handle.easy);
  if (code != CURLE_OK) return unreachable(server.url, code);
  curl_easy_getinfo(handle.easy, CURLINFO_RESPONSE_CODE, &answer.status);
  const char* type = nullptr;
  curl_easy_getinfo(handle.easy, CURLINFO_CONTENT_TYPE, &type);
  answer.content_type = type ? type : "";
  return answer;
}

}  // namespace

Result<ApiAnswer> ApiClient::get(const std::string& path, uint64_t wait_ms) const {
  return perform(server_, {"GET", path, {}, {}, answer_ms_max + wait_ms});
}

Result<ApiAnswer> ApiClient::send(const std::string& method, const std::string& path,
                                  const std::string& body, const std::string& content_type) const {
  return perform(server_, {method, path, body, content_type, answer_ms_max});
}

std::string url_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) out += c;
    if (!plain) out.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

}  // namespace penstock::gateway
