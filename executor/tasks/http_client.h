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
  // Where requests go; those that wait for their turn to resolve its name.
  struct Host {
    size_t starting = 0;  // begun, not connecting yet
    uint64_t known_ms = 0;  // loop time: libcurl had its address then
    std::deque<Token> waiting = {};
    bool listed = false;  // in line_
  };

  Host& host_of(const HttpTransfer& transfer);
  bool has_room(const Host& host) const;
  void enlist(const std::string& name, Host& host);
  MultiLoop& roomy();
  void begin(HttpTransfer& transfer);
  void launch(HttpTransfer& transfer, Host& host);
  void launch_waiting();
  void settle(HttpTransfer& transfer);
  void finish(CURL* easy, CURLcode code);
  void detach(HttpTransfer& transfer);
  void remove(HttpTransfer& transfer);

  uv_loop_t* loop_;
  HttpClientOptions options_;
  std::vector<std::unique_ptr<MultiLoop>> multis_;  // filled from the front
  CURLSH* share_;
  HttpSettings settings_;
  Token next_ = 1;
  std::unordered_map<Token, std::unique_ptr<HttpTransfer>> transfers_;
  std::unordered_map<std::string, Host> hosts_;  // with requests that start or wait, or known
  std::deque<std::string> line_;                 // hosts that may have room for one that waits
  size_t starting_total_ = 0;
  std::vector<Data> data_;
  std::vector<Done> done_;
};

}  // namespace penstock::executor
