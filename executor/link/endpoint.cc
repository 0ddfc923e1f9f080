#include "executor/link/endpoint.h"

namespace penstock::executor {

Result<Endpoint> Endpoint::parse(std::string_view text) {
  Endpoint made;
  if (text.starts_with("unix:") && text.size() > 5) {
    made.path = text.substr(5);
    return made;
  }
  made.kind = text.starts_with("tls://") ? Kind::kTls : Kind::kTcp;
  const size_t colon = text.rfind(':');
  const bool known = text.starts_with("tls://") || text.starts_with("tcp://");
  if (!known || colon <= 6 || colon + 1 >= text.size()) {
    return Status::invalid("'" + std::string(text) +
                           "': write unix:PATH, tcp://HOST:PORT or tls://HOST:PORT");
  }
  made.host = text.substr(6, colon - 6);
  made.port = text.substr(colon + 1);
  if (made.host.starts_with('[') && made.host.ends_with(']')) {
    made.host = made.host.substr(1, made.host.size() - 2);
  }
  return made;
}

}  // namespace penstock::executor
