#include "gateway/config/config.h"

namespace penstock::gateway {

std::string Config::base_url() const {
  if (public_url.empty()) return (tls_cert.empty() ? "http://" : "https://") + listen.text();
  return public_url.ends_with('/') ? public_url.substr(0, public_url.size() - 1) : public_url;
}

}  // namespace penstock::gateway
