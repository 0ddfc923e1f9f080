#include "executor/tasks/http_client.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "executor/tasks/http_transfer.h"

namespace penstock::executor {
namespace {

// libcurl resolves each name on a thread of its own; these bounds keep them few. A transfer stops
// counting when its connection starts (or an old one is taken), well before the other side answers.
// A name that was resolved lately is in libcurl's cache (for a minute) and needs no thread.
constexpr size_t kStartingPerHostMax = 8;
constexpr size_t kStartingMax = 128;
constexpr uint64_t kKnownMs = 30'000;
constexpr size_t kKnownHostsMax = 4096;
constexpr uint64_t kIdleMsMax = 60'000;  // then the connections that a rush left behind are closed

constexpr const char* kAuthorityFiles[] = {
    "/etc/ssl/certs/ca-certificates.crt",  // Debian
    "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora
    "/etc/ssl/cert.pem",                   // Alpine
};

std::string system_authorities() {
  for (const char* file : kAuthorityFiles) {
    if (access(file, R_OK) == 0) return file;
  }
  return "";
}

}  // namespace

HttpClient::HttpClient(uv_loop_t* loop, HttpClientOptions options)
    : loop_(loop), options_(std::move(options)), share_(curl_share_init()) {
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  settings_.egress = &options_.egress;
  settings_.authorities = options_.cacert.empty() ? system_authorities() : options_.cacert;
  settings_.share = share_;
  for (const std::string& item : options_.resolve) settings_.add_resolve(item);
}

HttpClient::~HttpClient() {
  for (auto& [token, transfer] : transfers_) detach(*transfer);
  transfers_.clear();
  multis_.clear();
  curl_share_cleanup(share_);
}

HttpClient::Token HttpClient::start(HttpRequest request) {
  const Token token = next_++;
  auto transfer = std::make_unique<HttpTransfer>(token, std::move(request), settings_);
  if (transfer->broken()) {
    done_.push_back({token, transfer->take_reply(CURLE_URL_MALFORMAT)});
    return token;
  }
  HttpTransfer& kept = *transfer;
  transfers_.emplace(token, std::move(transfer));
  begin(kept);
  return token;
}

void HttpClient::cancel(Token token) {
  auto found = transfers_.find(token);
  if (found == transfers_.end()) {
    std::erase_if(done_, [token](const Done& done) { return done.token == token; });
    return;
  }
  remove(*found->second);
}

HttpClient::Host& HttpClient::host_of(const HttpTransfer& transfer) {
  return hosts_[transfer.host()];
}

bool HttpClient::has_room(const Host& host) const {
  if (starting_total_ >= kStartingMax) return false;
  const bool known = host.known_ms && uv_now(loop_) < host.known_ms + kKnownMs;
  return known || host.starting < kStartingPerHostMax;
}

void HttpClient::enlist(const std::string& name, Host& host) {
  if (host.listed || host.waiting.empty()) return;
  host.listed = true;
  line_.push_back(name);
}

// At once, or when it is its turn: those to one host begin in order.
void HttpClient::begin(HttpTransfer& transfer) {
  Host& host = host_of(transfer);
  if (host.waiting.empty() && has_room(host)) return launch(transfer, host);
  host.waiting.push_back(transfer.token());
  enlist(transfer.host(), host);
}

MultiLoop& HttpClient::roomy() {
  for (const auto& multi : multis_) {
    if (!multi->is_full()) return *multi;
  }
  return *multis_.emplace_back(std::make_unique<MultiLoop>(loop_));
}

void HttpClient::launch(HttpTransfer& transfer, Host& host) {
  host.starting++;
  starting_total_++;
  transfer.set_stage(HttpTransfer::Stage::kStarting);
  MultiLoop& multi = roomy();
  transfer.set_multi(&multi);
  multi.add(transfer.easy());
}

void HttpClient::detach(HttpTransfer& transfer) {
  if (transfer.stage() != HttpTransfer::Stage::kWaiting) transfer.multi()->remove(transfer.easy());
}

// The transfer no longer occupies the resolver.
void HttpClient::settle(HttpTransfer& transfer) {
  if (transfer.stage() != HttpTransfer::Stage::kStarting) return;
  transfer.set_stage(HttpTransfer::Stage::kConnecting);
  starting_total_--;
  Host& host = host_of(transfer);
  host.starting--;
  enlist(transfer.host(), host);
  const bool idle = host.starting == 0 && host.waiting.empty() && !host.listed;
  if (idle && (host.known_ms == 0 || hosts_.size() > kKnownHostsMax)) hosts_.erase(transfer.host());
}

void HttpClient::remove(HttpTransfer& transfer) {
  settle(transfer);
  detach(transfer);
  transfers_.erase(transfer.token());
}

bool HttpClient::turn() {
  for (const Token token : std::exchange(settings_.arrived, {})) {
    auto found = transfers_.find(token);
    if (found != transfers_.end()) data_.push_back(found->second->take_arrived());
  }
  for (size_t i = 0; i < multis_.size(); i++) {
    for (const MultiLoop::Done& done : multis_[i]->take_done()) finish(done.easy, done.code);
  }
  while (!multis_.empty() && multis_.back()->idle_ms() > kIdleMsMax) multis_.pop_back();
  for (const Token token : settings_.connecting) {
    auto found = transfers_.find(token);
    if (found == transfers_.end()) continue;
    if (found->second->stage() == HttpTransfer::Stage::kStarting)
      host_of(*found->second).known_ms = uv_now(loop_) + 1;
    settle(*found->second);
  }
  settings_.connecting.clear();
  launch_waiting();
  return !done_.empty() || !data_.empty();
}

// Host by host in turns: one whose name is slow does not hold up the others.
void HttpClient::launch_waiting() {
  while (!line_.empty() && starting_total_ < kStartingMax) {
    const std::string name = std::move(line_.front());
    line_.pop_front();
    Host& host = hosts_.at(name);
    host.listed = false;
    while (!host.waiting.empty() && !transfers_.contains(host.waiting.front()))
      host.waiting.pop_front();  // cancelled meanwhile
    if (host.waiting.empty()) {
      if (host.starting == 0 && host.known_ms == 0) hosts_.erase(name);
      continue;
    }
    if (!has_room(host)) continue;  // the next one to settle enlists it again
    HttpTransfer& transfer = *transfers_.at(host.waiting.front());
    host.waiting.pop_front();
    launch(transfer, host);
    enlist(name, host);
  }
}

void HttpClient::finish(CURL* easy, CURLcode code) {
  HttpTransfer& transfer = HttpTransfer::of(easy);
  settle(transfer);
  if (code == CURLE_OK && transfer.redirected()) {
    detach(transfer);
    transfer.set_stage(HttpTransfer::Stage::kWaiting);
    if (transfer.follow()) return begin(transfer);
    code = CURLE_TOO_MANY_REDIRECTS;
  }
  done_.push_back({transfer.token(), transfer.take_reply(code)});
  remove(transfer);
}

std::vector<HttpClient::Done> HttpClient::take_done() {
  return std::exchange(done_, {});
}

}  // namespace penstock::executor
