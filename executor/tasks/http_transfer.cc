#include "executor/tasks/http_transfer.h"

#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "proto/limits.h"

namespace penstock::executor {
namespace {

constexpr long kBufferBytes = 8 * 1024;  // a handle's own; 10,000 waiting calls hold one each
constexpr long kConnectMs = 10'000;
constexpr uint8_t kHopsMax = 10;

bool is_token(std::string_view name) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || kMarks.find(static_cast<char>(c)) != kMarks.npos;
  });
}

bool is_field_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  return text;
}

void append(CurlList& list, const std::string& item) {
  if (curl_slist* grown = curl_slist_append(list.get(), item.c_str())) {
    (void)list.release();
    list.reset(grown);
  }
}

// Colons outside brackets, so that an IPv6 address counts as one part.
size_t parts_of(const std::string& item) {
  size_t parts = 1;
  bool bracket = false;
  for (const char c : item) {
    if (c == '[') bracket = true;
    if (c == ']') bracket = false;
    if (c == ':' && !bracket) parts++;
  }
  return parts;
}

HttpFault fault_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return HttpFault::kNone;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpFault::kTimeout;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return HttpFault::kBadRequest;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
      return HttpFault::kTls;
    default:
      return HttpFault::kConnect;
  }
}

}  // namespace

Status check_resolve(const std::string& item) {
  const size_t parts = parts_of(item);
  if (parts == 3 || parts == 4) return Status();
  return Status::invalid("--resolve '" + item + "': write HOST:PORT:ADDR or HOST:PORT:ADDR:PORT");
}

void HttpSettings::add_resolve(const std::string& item) {
  append(parts_of(item) == 4 ? connect_to : resolve, item);
}

HttpTransfer::HttpTransfer(uint64_t token, HttpRequest request, HttpSettings& settings)
    : token_(token), request_(std::move(request)), settings_(settings) {
  if (!check()) return;
  easy_.reset(curl_easy_init());
  configure();
  set_method();
  set_headers();
  set_credentials();
}

HttpTransfer& HttpTransfer::of(CURL* easy) {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return *reinterpret_cast<HttpTransfer*>(self);
}

void HttpTransfer::break_with(HttpFault fault, std::string message) {
  reply_.fault = fault;
  reply_.message = std::move(message);
}

bool HttpTransfer::parse_url(std::string& host, std::string& origin) {
  std::unique_ptr<CURLU, CurlFree> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0) != CURLUE_OK) return false;
  char *scheme = nullptr, *name = nullptr, *port = nullptr;
  curl_url_get(url.get(), CURLUPART_SCHEME, &scheme, 0);
  curl_url_get(url.get(), CURLUPART_HOST, &name, 0);
  curl_url_get(url.get(), CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
  const bool web =
      scheme && name && port && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
  if (web) {
    host = name;
    origin = std::string(scheme) + "://" + name + ":" + port;
  }
  curl_free(scheme);
  curl_free(name);
  curl_free(port);
  return web;
}

bool HttpTransfer::check() {
  const bool plain = request_.url.find('\0') == std::string::npos;
  if (!plain || request_.url.size() > limits::http_url_bytes_max || !parse_url(host_, origin_)) {
    break_with(HttpFault::kBadRequest,
               "'" + request_.url.substr(0, 200) + "' is not an http or https address");
    return false;
  }
  if (!is_token(request_.method)) {
    break_with(HttpFault::kBadRequest, "'" + request_.method + "' is not an HTTP method");
    return false;
  }
  for (const auto& [name, value] : request_.headers) {
    if (is_token(name) && is_field_value(value)) continue;
    break_with(HttpFault::kBadRequest, "header '" + name + "' has characters that are not allowed");
    return false;
  }
  return true;
}

void HttpTransfer::configure() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kBufferBytes);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  const uint64_t timeout = request_.timeout_ms ? request_.timeout_ms : limits::http_call_ms_max;
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::min(timeout, limits::http_call_ms_max)));
  const bool known = request_.http2 && origin_.starts_with("http:");
  curl_easy_setopt(
      easy, CURLOPT_HTTP_VERSION,
      static_cast<long>(known ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_2TLS));
  // Without TLS there is no HTTP/2, so no shared connection to wait for; but for who knows better.
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, origin_.starts_with("https") || known ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SHARE, settings_.share);
  if (!settings_.authorities.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, settings_.authorities.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // else the parsed file is not shared
  }
  curl_easy_setopt(easy, CURLOPT_RESOLVE, settings_.resolve.get());
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, settings_.connect_to.get());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpTransfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpTransfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &HttpTransfer::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &HttpTransfer::on_ready);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
}

void HttpTransfer::set_method() {
  CURL* easy = easy_.get();
  const bool bodiless = request_.body.empty() && request_.method == "GET";
  curl_easy_setopt(easy, CURLOPT_NOBODY, request_.method == "HEAD" ? 1L : 0L);
  if (request_.method == "HEAD" || bodiless) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, bodiless ? 1L : 0L);
    return;
  }
  const bool content = !request_.body.empty() || request_.method == "POST" ||
                       request_.method == "PUT" || request_.method == "PATCH";
  if (content) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void HttpTransfer::set_headers() {
  headers_.reset();
  bool agent = false, type = false;
  for (const auto& [name, value] : request_.headers) {
    agent |= same_name(name, "user-agent");
    type |= same_name(name, "content-type");
    append(headers_, value.empty() ? name + ";" : name + ": " + value);
  }
  append(headers_, "Expect:");  // no pause before a large body
  if (!type) append(headers_, "Content-Type:");
  if (!agent) append(headers_, "User-Agent: penstock/" PENSTOCK_VERSION);
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void HttpTransfer::set_credentials() {
  CURL* easy = easy_.get();
  const HttpCredentials& credentials = request_.credentials;
  if (credentials.kind == HttpCredentials::Kind::kNone) return;
  const bool digest = credentials.kind == HttpCredentials::Kind::kDigest;
  curl_easy_setopt(easy, CURLOPT_HTTPAUTH, digest ? CURLAUTH_DIGEST : CURLAUTH_BASIC);
  curl_easy_setopt(easy, CURLOPT_USERNAME, credentials.username.c_str());
  curl_easy_setopt(easy, CURLOPT_PASSWORD, credentials.password.c_str());
}

bool HttpTransfer::redirected() const {
  if (!request_.follow || reply_.status < 300 || reply_.status > 399) return false;
  char* next = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &next);
  return next != nullptr;
}

bool HttpTransfer::follow() {
  char* next = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &next);
  if (++hops_ > kHopsMax || !next) return false;
  const unsigned status = reply_.status;
  const std::string old_origin = origin_;
  request_.url = next;
  if (!parse_url(host_, origin_)) return false;
  const bool rewritten =
      status == 303 || ((status == 301 || status == 302) && request_.method == "POST");
  if (rewritten && request_.method != "HEAD") {
    request_.method = "GET";
    request_.body.clear();
    std::erase_if(request_.headers,
                  [](const auto& field) { return same_name(field.first, "content-type"); });
  }
  if (origin_ != old_origin) {  // what was meant for one server is not shown to another
    request_.credentials = HttpCredentials();
    std::erase_if(request_.headers, [](const auto& field) {
      return same_name(field.first, "authorization") || same_name(field.first, "cookie");
    });
  }
  reply_ = HttpReply();
  body_bytes_ = 0;
  easy_.reset(curl_easy_init());
  configure();
  set_method();
  set_headers();
  set_credentials();
  return true;
}

HttpReply HttpTransfer::take_reply(CURLcode code) {
  if (code == CURLE_OK || reply_.fault != HttpFault::kNone) return std::move(reply_);
  if (!refused_.empty()) {
    break_with(HttpFault::kAddressRefused,
               "the address " + refused_ + " of " + host_ +
                   " is not public; the operator can allow it with --allow-egress");
  } else if (code == CURLE_TOO_MANY_REDIRECTS) {
    break_with(HttpFault::kConnect,
               "more than " + std::to_string(kHopsMax) + " redirects, or one that leads nowhere");
  } else {
    break_with(fault_of(code), origin_ + ": " + (*error_ ? error_ : curl_easy_strerror(code)));
  }
  return std::move(reply_);
}

size_t HttpTransfer::on_header(char* bytes, size_t one, size_t size, void* self) {
  HttpReply& reply = static_cast<HttpTransfer*>(self)->reply_;
  const std::string_view line = trim({bytes, one * size});
  if (line.starts_with("HTTP/")) {  // also behind an interim answer or a digest challenge
    reply.headers.clear();
    reply.body.clear();
    static_cast<HttpTransfer*>(self)->body_bytes_ = 0;
    const size_t space = line.find(' ');
    if (space != line.npos)
      reply.status = static_cast<unsigned>(std::atoi(line.data() + space + 1));
    return one * size;
  }
  const size_t colon = line.find(':');
  if (colon == line.npos || reply.headers.size() >= limits::http_reply_fields_max)
    return one * size;
  std::string name(trim(line.substr(0, colon)));
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  reply.headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
  return one * size;
}

size_t HttpTransfer::on_body(char* bytes, size_t one, size_t size, void* self) {
  auto* transfer = static_cast<HttpTransfer*>(self);
  transfer->body_bytes_ += one * size;
  if (const size_t most = transfer->reply_bytes_max(); transfer->body_bytes_ > most) {
    transfer->break_with(HttpFault::kTooLarge,
                         "the reply is larger than " + std::to_string(most >> 10) + " KiB");
    return 0;
  }
  if (!transfer->streams()) {
    transfer->reply_.body.append(bytes, one * size);
    return one * size;
  }
  if (transfer->arrived_.empty()) transfer->settings_.arrived.push_back(transfer->token_);
  transfer->arrived_.append(bytes, one * size);
  return one * size;
}

HttpData HttpTransfer::take_arrived() {
  HttpData data{token_, std::exchange(arrived_, {}), !opened_, {}};
  if (data.first) data.headers = reply_.headers;
  opened_ = true;
  return data;
}

bool HttpTransfer::streams() const {
  return request_.stream && reply_.status / 100 == 2 &&
         reply_.header("content-type").starts_with("text/event-stream");
}

size_t HttpTransfer::reply_bytes_max() const {
  return request_.reply_bytes_max ? request_.reply_bytes_max : limits::http_reply_bytes_max;
}

curl_socket_t HttpTransfer::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  auto* transfer = static_cast<HttpTransfer*>(self);
  transfer->settings_.connecting.push_back(transfer->token_);
  if (!transfer->settings_.egress->allows(address->addr)) {
    transfer->refused_ = address_text(address->addr);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int HttpTransfer::on_ready(void* self, char*, char*, int, int) {
  auto* transfer = static_cast<HttpTransfer*>(self);
  transfer->refused_.clear();  // another address of the same name was allowed
  transfer->settings_.connecting.push_back(transfer->token_);
  return CURL_PREREQFUNC_OK;
}

}  // namespace penstock::executor
