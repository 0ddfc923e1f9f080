// Self-signed certificates for tests, as PEM files in a folder of their own.
#pragma once

#include <string>

#include "gateway/http/server.h"

namespace penstock::gateway::test {

class Certificate {
 public:
  /// For `name` (a host name or an IPv4 address).
  explicit Certificate(const std::string& name);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  /// Writes another one over the files; `serial` tells them apart.
  void renew(long serial);
  /// Leaves junk in the certificate file.
  void spoil();
  TlsFiles files() const { return {cert_file(), key_file()}; }
  std::string cert_file() const { return folder_ + "/cert.pem"; }
  std::string key_file() const { return folder_ + "/key.pem"; }

 private:
  std::string name_;
  std::string folder_;
};

}  // namespace penstock::gateway::test
