#include "gateway/app/jwks_cache.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <unistd.h>

#include "proto/limits.h"

namespace penstock::gateway {

namespace {

constexpr size_t kSetsMax = 1'000;
constexpr uint64_t kFirstRetryMs = 5'000;  // while there are no keys at all

/// What no fetch may reach unless allow_egress says so: this host, private and shared networks,
/// link-local ones with their metadata services, and what is no host at all.
const std::string kClosed[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
    "::/96",         "64:ff9b::/96",    "64:ff9b:1::/48", "100::/64",       "2001::/23",
    "2001:db8::/32", "2002::/16",       "fc00::/7",       "fe80::/10",      "fec0::/10",
    "ff00::/8"};

verify::AddressRules rules_of(std::span<const std::string> ranges) {
  auto rules = verify::AddressRules::parse(ranges);
  return rules.ok() ? *std::move(rules) : verify::AddressRules();  // the configuration is checked
}

std::string text_of(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.sa_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof(text));
  if (address.sa_family == AF_INET6)
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text,
              sizeof(text));
  return text;
}

}  // namespace

/// One fetch. The pool's thread has it between queueing and the callback on the loop.
struct JwksCache::Job {
  uv_work_t request{};
  JwksCache* cache;
  std::shared_ptr<std::atomic<bool>> stopped;
  std::string url, cacert;
  std::vector<std::string> connect_to;
  verify::AddressRules closed, opened;
  std::string body, fault;

  bool may_reach(const sockaddr& address) const {
    const auto known = verify::Address::parse(text_of(address));
    return known && (opened.contain(*known) || !closed.contain(*known));
  }
  void run();
  static size_t on_body(char* data, size_t, size_t size, void* job);
  static curl_socket_t on_socket(void* job, curlsocktype, curl_sockaddr* address);
  static int on_progress(void* job, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
};

size_t JwksCache::Job::on_body(char* data, size_t, size_t size, void* context) {
  Job& job = *static_cast<Job*>(context);
  if (job.body.size() + size > limits::jwks_bytes_max) return 0;
  job.body.append(data, size);
  return size;
}

curl_socket_t JwksCache::Job::on_socket(void* context, curlsocktype, curl_sockaddr* address) {
  Job& job = *static_cast<Job*>(context);
  if (job.may_reach(address->addr))
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  job.fault = "it resolves to " + text_of(address->addr) + ", which is no public address";
  return CURL_SOCKET_BAD;
}

int JwksCache::Job::on_progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Job*>(context)->stopped->load() ? 1 : 0;
}

void JwksCache::Job::run() {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), &curl_easy_cleanup);
  curl_slist* list = nullptr;
  for (const std::string& rule : connect_to) list = curl_slist_append(list, rule.c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owner(list, &curl_slist_free_all);
  CURL* handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(limits::jwks_fetch_ms_max));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "penstock/" PENSTOCK_VERSION);
  curl_easy_setopt(handle, CURLOPT_CONNECT_TO, list);
  if (!cacert.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, cacert.c_str());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
  const CURLcode code = curl_easy_perform(handle);
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK && fault.empty()) fault = curl_easy_strerror(code);
  if (code == CURLE_OK && status != 200) fault = "it answers " + std::to_string(status);
}

JwksCache::JwksCache(uv_loop_t* loop, const Config& config, const Clock& clock, Logger& log)
    : loop_(loop),
      config_(config),
      clock_(clock),
      log_(log),
      closed_(rules_of(kClosed)),
      opened_(rules_of(config.allow_egress)),
      stopped_(std::make_shared<std::atomic<bool>>(false)) {}

JwksCache::~JwksCache() {
  close();
}

const verify::JwkSet* JwksCache::keys(const std::string& url) {
  if (!sets_.contains(url) && sets_.size() >= kSetsMax) sets_.clear();  // of triggers long gone
  Set& set = sets_[url];
  const bool old =
      set.fetched_at_ms == 0 || clock_.monotonic_ms() - set.fetched_at_ms > limits::jwks_fresh_ms;
  if (old) fetch(url, set);
  return set.keys.get();
}

bool JwksCache::refresh(const std::string& url) {
  Set& set = sets_[url];
  fetch(url, set);
  return set.fetching;
}

bool JwksCache::is_fetching(const std::string& url) const {
  const auto found = sets_.find(url);
  return found != sets_.end() && found->second.fetching;
}

void JwksCache::when_fetched(const std::string& url, std::function<void()> then) {
  Set& set = sets_[url];
  if (set.fetching) return set.waiting.push_back(std::move(then));
  then();
}

std::string JwksCache::fault(const std::string& url) const {
  const auto found = sets_.find(url);
  return found == sets_.end() ? "" : found->second.fault;
}

void JwksCache::fetch(const std::string& url, Set& set) {
  const uint64_t now = clock_.monotonic_ms();
  const uint64_t pause_ms = set.keys ? limits::jwks_retry_ms : kFirstRetryMs;
  const bool soon = set.tried_at_ms != 0 && now - set.tried_at_ms < pause_ms;
  if (set.fetching || soon || stopped_->load()) return;
  set.tried_at_ms = std::max<uint64_t>(now, 1);
  auto job = std::make_unique<Job>();
  job->cache = this;
  job->stopped = stopped_;
  job->url = url;
  job->cacert = config_.cacert;
  job->connect_to = config_.resolve;
  job->closed = closed_;
  job->opened = opened_;
  job->request.data = job.get();
  const int queued = uv_queue_work(
      loop_, &job->request, [](uv_work_t* work) { static_cast<Job*>(work->data)->run(); },
      [](uv_work_t* work, int) {
        const std::unique_ptr<Job> done(static_cast<Job*>(work->data));
        if (!done->stopped->load()) done->cache->fetched(*done);
      });
  if (queued != 0) return;
  set.fetching = true;
  job.release();  // its callback owns it
}

void JwksCache::fetched(const Job& job) {
  Set& set = sets_[job.url];
  set.fetching = false;
  set.fault = job.fault;
  if (set.fault.empty()) {
    auto keys = verify::JwkSet::from_jwks(job.body);
    if (keys.ok()) {
      set.keys = std::make_unique<verify::JwkSet>(*std::move(keys));
      set.fetched_at_ms = std::max<uint64_t>(clock_.monotonic_ms(), 1);
    } else {
      set.fault = keys.status().message();
    }
  }
  if (!set.fault.empty()) log_.warn("key set not fetched", {{"url", job.url}, {"why", set.fault}});
  for (const auto& then : std::exchange(set.waiting, {})) then();
}

void JwksCache::close() {
  if (stopped_->exchange(true)) return;
  for (auto& [url, set] : sets_) set.waiting.clear();  // their clients' connections close too
}

}  // namespace penstock::gateway
