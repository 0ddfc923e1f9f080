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
constexpr size_t kStartingPerHostMax = 8;
constexpr size_t kStartingMax = 128;

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
    : options_(std::move(options)), multi_(loop), share_(curl_share_init()) {
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  settings_.egress = &options_.egress;
  settings_.authorities = options_.cacert.empty() ? system_authorities() : options_.cacert;
  settings_.share = share_;
  for (const std::string& item : options_.resolve) settings_.add_resolve(item);
}

HttpClient::~HttpClient() {
  for (auto& [token, transfer] : transfers_) multi_.remove(transfer->easy());
  transfers_.clear();
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
  if (waiting_.empty() && may_launch(kept)) {
    launch(kept);
  } else {
    waiting_.push_back(token);
  }
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

bool HttpClient::may_launch(const HttpTransfer& transfer) const {
  if (starting_total_ >= kStartingMax) return false;
  auto found = starting_.find(transfer.host());
  return found == starting_.end() || found->second < kStartingPerHostMax;
}

void HttpClient::launch(HttpTransfer& transfer) {
  starting_[transfer.host()]++;
  starting_total_++;
  transfer.set_stage(HttpTransfer::Stage::kStarting);
  multi_.add(transfer.easy());
}

// The transfer no longer occupies the resolver.
void HttpClient::settle(HttpTransfer& transfer) {
  if (transfer.stage() != HttpTransfer::Stage::kStarting) return;
  transfer.set_stage(HttpTransfer::Stage::kConnecting);
  starting_total_--;
  auto found = starting_.find(transfer.host());
  if (--found->second == 0) starting_.erase(found);
}

void HttpClient::remove(HttpTransfer& transfer) {
  settle(transfer);
  if (transfer.stage() != HttpTransfer::Stage::kWaiting) multi_.remove(transfer.easy());
  transfers_.erase(transfer.token());
}

bool HttpClient::turn() {
  for (const Token token : std::exchange(settings_.arrived, {})) {
    auto found = transfers_.find(token);
    if (found != transfers_.end()) data_.push_back(found->second->take_arrived());
  }
  for (const MultiLoop::Done& done : multi_.take_done()) finish(done.easy, done.code);
  for (const Token token : settings_.connecting) {
    auto found = transfers_.find(token);
    if (found != transfers_.end()) settle(*found->second);
  }
  settings_.connecting.clear();
  launch_waiting();
  return !done_.empty() || !data_.empty();
}

// In order, but a host whose names are slow does not hold up the others.
void HttpClient::launch_waiting() {
  const size_t count = waiting_.size();
  for (size_t i = 0; i < count && starting_total_ < kStartingMax; i++) {
    const Token token = waiting_.front();
    waiting_.pop_front();
    auto found = transfers_.find(token);
    if (found == transfers_.end()) continue;
    if (may_launch(*found->second)) {
      launch(*found->second);
    } else {
      waiting_.push_back(token);
    }
  }
}

void HttpClient::finish(CURL* easy, CURLcode code) {
  HttpTransfer& transfer = HttpTransfer::of(easy);
  settle(transfer);
  if (code == CURLE_OK && transfer.redirected()) {
    multi_.remove(easy);
    transfer.set_stage(HttpTransfer::Stage::kWaiting);
    if (transfer.follow()) {
      waiting_.push_back(transfer.token());
      return;
    }
    code = CURLE_TOO_MANY_REDIRECTS;
  }
  done_.push_back({transfer.token(), transfer.take_reply(code)});
  remove(transfer);
}

std::vector<HttpClient::Done> HttpClient::take_done() {
  return std::exchange(done_, {});
}

}  // namespace penstock::executor
