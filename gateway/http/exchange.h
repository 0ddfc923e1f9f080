// One request and its answer, as the application sees them. The server (server.h) owns sockets and
// buffers; the application owns nothing of them and keeps only an ExchangeId, which may be answered
// at any later time: when the client is gone meanwhile, the answer is dropped. Loop thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/body.h"
#include "proto/problem.h"

namespace penstock::gateway {

/// Names one exchange for as long as it lives; never used twice.
struct ExchangeId {
  uint32_t slot = 0;        ///< of the connection
  uint32_t generation = 0;  ///< of the slot
  uint32_t sequence = 0;    ///< of the request on its connection
  bool operator==(const ExchangeId&) const = default;
};

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

struct HeaderView {
  std::string_view name;   ///< as sent
  std::string_view value;  ///< trimmed
};

/// The head of a request. Views point into the server's buffer and hold during the call only.
struct RequestHead {
  Method method = Method::kOther;
  std::string_view method_text;
  std::string_view target;  ///< as sent
  std::string_view path;    ///< before '?', not decoded
  std::string_view query;   ///< behind '?', not decoded
  std::vector<HeaderView> headers;
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool tls = false;
  std::string_view remote;  ///< the peer's address without port

  /// The value of the first header of that name (any case); nullopt: none.
  std::optional<std::string_view> header(std::string_view name) const;
};

/// An answer. The server adds Date, Content-Length, Connection; and no body to a HEAD.
struct Response {
  uint16_t status = 200;
  std::string_view content_type = "application/json";  ///< a literal; see type_text
  std::string headers;  ///< further fields, each "Name: value\r\n"; the writer has checked them
  std::string body;
  std::string type_text = {};  ///< not empty: the content type, where that is no literal
  bool close = false;          ///< end the connection behind it

  std::string_view type() const { return type_text.empty() ? content_type : type_text; }
};

/// What the application decides when the head is there and the body is not.
struct BodyPlan {
  uint64_t bytes_max = 0;               ///< 413 beyond, before reading where Content-Length says so
  std::optional<Response> refuse = {};  ///< answer this instead of reading on
};

/// The application behind a listener.
class Handler {
 public:
  virtual ~Handler() = default;
  /// The head is whole and well formed: how much body may follow, or why none.
  virtual BodyPlan on_head(const RequestHead& head) = 0;
  /// The request is whole. Answer now or later with Server::respond(exchange, …).
  virtual void on_request(ExchangeId exchange, const RequestHead& head, Body body) = 0;
  /// The client hung up before its answer; only told for exchanges that were not answered, and for
  /// streams that were not ended. Answering it now does nothing.
  virtual void on_gone(ExchangeId exchange) = 0;
  /// The client ended its side while this exchange waits. It may have left or may still read (the
  /// two look alike); answer it, or give up if the work is only worth doing for a reader.
  virtual void on_half_closed(ExchangeId) {}
};

/// A problem+json answer (RFC 9457). `id`: the event's id where there is one.
Response problem(Code code, std::string_view detail, std::string_view instance = {},
                 std::string_view id = {}, uint32_t retry_after_s = 0);

}  // namespace penstock::gateway
