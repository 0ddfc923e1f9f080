// One request on its way: the libcurl handle, what must live as long as it, and the reply so far.
// Its callbacks only record facts. Owned by HttpClient; loop thread only.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "executor/tasks/egress.h"
#include "executor/tasks/http_message.h"
#include "proto/status.h"

namespace penstock::executor {

class MultiLoop;

struct CurlFree {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using CurlList = std::unique_ptr<curl_slist, CurlFree>;

/// What all transfers of a client share.
struct HttpSettings {
  const EgressRules* egress = nullptr;
  std::string authorities;  ///< PEM file
  CURLSH* share = nullptr;
  CurlList resolve, connect_to;
  std::vector<uint64_t> connecting;  ///< tokens whose connection was begun or taken; a fact list
  std::vector<uint64_t> arrived;     ///< tokens with part of a stream to take; a fact list

  /// `item` passed check_resolve().
  void add_resolve(const std::string& item);
};

/// Is this HOST:PORT:ADDR (curl's --resolve) or HOST:PORT:ADDR:PORT (curl's --connect-to)?
Status check_resolve(const std::string& item);

/// Part of a streamed reply.
struct HttpData {
  uint64_t token;
  std::string bytes;
  bool first = false;        ///< of this reply
  HttpHeaders headers = {};  ///< with the first
};

class HttpTransfer {
 public:
  enum class Stage : uint8_t {
    kWaiting,     // not with libcurl yet, or between two redirects
    kStarting,    // with libcurl: resolves a name perhaps
    kConnecting,  // a connection was begun or taken; runs to its end from here
  };

  HttpTransfer(uint64_t token, HttpRequest request, HttpSettings& settings);
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  static HttpTransfer& of(CURL* easy);
  uint64_t token() const { return token_; }
  CURL* easy() const { return easy_.get(); }
  const std::string& host() const { return host_; }
  Stage stage() const { return stage_; }
  void set_stage(Stage stage) { stage_ = stage; }
  /// Where its handle was added; its owner's to use.
  MultiLoop* multi() const { return multi_; }
  void set_multi(MultiLoop* multi) { multi_ = multi; }
  /// The request cannot be sent; take_reply() says why.
  bool broken() const { return reply_.fault != HttpFault::kNone; }

  /// The reply is a redirect that the request wants followed.
  bool redirected() const;
  /// Prepares the next hop; false: too many, or not a place to go.
  bool follow();
  /// What came of a streamed reply since the last time.
  HttpData take_arrived();
  /// The reply, or the fault that `code` means.
  HttpReply take_reply(CURLcode code);

 private:
  bool parse_url(std::string& host, std::string& origin);
  bool check();
  void configure();
  void set_method();
  void set_headers();
  void set_credentials();
  void break_with(HttpFault fault, std::string message);
  bool streams() const;
  size_t reply_bytes_max() const;
  static size_t on_header(char* bytes, size_t one, size_t size, void* self);
  static size_t on_body(char* bytes, size_t one, size_t size, void* self);
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address);
  static int on_ready(void* self, char*, char*, int, int);

  const uint64_t token_;
  HttpRequest request_;
  HttpSettings& settings_;
  MultiLoop* multi_ = nullptr;
  HttpReply reply_;
  std::string host_, origin_;
  std::string refused_;  // an address that the egress rules did not allow
  std::string arrived_;  // of a streamed reply, not taken yet
  size_t body_bytes_ = 0;
  bool opened_ = false;  // the stream's first bytes were taken
  CurlList headers_;
  std::unique_ptr<CURL, CurlFree> easy_;
  char error_[CURL_ERROR_SIZE] = "";
  uint8_t hops_ = 0;
  Stage stage_ = Stage::kWaiting;
};

}  // namespace penstock::executor
