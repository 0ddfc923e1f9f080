// An HTTPS server for the conformance kit: plays petstore.swagger.io and httpbin.org on loopback,
// with a certificate of its own making.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace penstock::executor {

class TlsStub {
 public:
  struct Request {
    std::string method, path, head, body;  ///< path with its query
  };
  struct Answer {
    int status = 200;
    std::string body = "{}";
  };
  using Handler = std::function<Answer(const Request&)>;

  /// Serves the hosts with a new certificate; its authority is written to `ca_file`.
  TlsStub(const std::vector<std::string>& hosts, const std::string& ca_file, Handler handler);
  ~TlsStub();
  int port() const { return port_; }

 private:
  void accept_all();
  void serve(int socket);

  Handler handler_;
  SSL_CTX* context_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread acceptor_;
};

}  // namespace penstock::executor
