#include "bench/http/fetch.h"

#include <curl/curl.h>

#include <memory>

namespace penstock::bench {

static constexpr size_t kBodyMax = 64 * 1024 * 1024;

static size_t take(char* bytes, size_t, size_t size, void* into) {
  auto* body = static_cast<std::string*>(into);
  if (body->size() + size > kBodyMax) return 0;
  body->append(bytes, size);
  return size;
}

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

Result<FetchAnswer> fetch(const FetchRequest& request) {
  const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
  std::unique_ptr<curl_slist, FreeList> headers;
  for (const std::string& header : request.headers)
    headers.reset(curl_slist_append(headers.release(), header.c_str()));
  FetchAnswer answer;
  curl_easy_setopt(easy.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, request.tls.verify ? 1L : 0L);
  curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, request.tls.verify ? 2L : 0L);
  if (!request.tls.ca_file.empty())
    curl_easy_setopt(easy.get(), CURLOPT_CAINFO, request.tls.ca_file.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer.body);
  const CURLcode failed = curl_easy_perform(easy.get());
  if (failed) return Status::unavailable(request.url + ": " + curl_easy_strerror(failed));
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace penstock::bench
