#include "gateway/config/config.h"

namespace penstock::gateway {

std::string Config::base_url() const {
  if (!public_url.empty()) {
    return public_url.ends_with('/') ? public_url.substr(0, public_url.size() - 1) : public_url;
  }
  const bool everywhere = listen.host == "0.0.0.0" || listen.host == "::";
  const Address reached{everywhere ? "127.0.0.1" : listen.host, listen.port};
  return (tls_cert.empty() ? "http://" : "https://") + reached.text();
}

}  // namespace penstock::gateway
