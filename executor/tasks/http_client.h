// Sends HTTP requests, thousands at once, over kept connections, HTTP/2 where the server has it.
// Every address that a connection goes to is checked against the egress rules, again on each
// redirect.
//
// Lifecycle: start() gives a token; call turn() once a loop turn and then take_data(), what came of
// streamed replies, and take_done(), which says what has ended; cancel() forgets a request. Loop
// thread only; `loop` must outlive this.
// Limitations: no proxies (they would hide the address from the egress check); a reply that is not
// streamed is held whole in memory, up to limits::http_reply_bytes_max.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "executor/tasks/egress.h"
#include "executor/tasks/http_message.h"
#include "executor/tasks/http_transfer.h"
#include "executor/tasks/multi_loop.h"

namespace penstock::executor {

struct HttpClientOptions {
  EgressRules egress;
  std::vector<std::string> resolve;  ///< each passed check_resolve()
  std::string cacert;                ///< a PEM file that replaces the system's authorities
};

class HttpClient {
 public:
  using Token = uint64_t;
  struct Done {
    Token token;
    HttpReply reply;
  };
  using Data = HttpData;

  HttpClient(uv_loop_t* loop, HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Begins a request; its end comes by take_done(), also when it could not be begun.
  Token start(HttpRequest request);
  /// Forgets a request; nothing more is heard of it.
  void cancel(Token token);
  /// Begins what waits and collects what ended. True: take_data() or take_done() has something.
  bool turn();
  /// What came of streamed replies (HttpRequest::stream), all of it before its Done.
  std::vector<Data> take_data() { return std::exchange(data_, {}); }
  std::vector<Done> take_done();
  bool has_done() const { return !done_.empty(); }
  /// Requests begun and not ended.
  size_t in_flight() const { return transfers_.size(); }

 private:
  bool may_launch(const HttpTransfer& transfer) const;
  void launch(HttpTransfer& transfer);
  void launch_waiting();
  void settle(HttpTransfer& transfer);
  void finish(CURL* easy, CURLcode code);
  void remove(HttpTransfer& transfer);

  HttpClientOptions options_;
  MultiLoop multi_;
  CURLSH* share_;
  HttpSettings settings_;
  Token next_ = 1;
  std::unordered_map<Token, std::unique_ptr<HttpTransfer>> transfers_;
  std::deque<Token> waiting_;                         // for their turn to resolve a name
  std::unordered_map<std::string, size_t> starting_;  // per host: begun, not connecting yet
  size_t starting_total_ = 0;
  std::vector<Data> data_;
  std::vector<Done> done_;
};

}  // namespace penstock::executor
