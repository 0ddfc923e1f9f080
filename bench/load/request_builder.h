// Makes the bytes of requests: the POST of an event or a batch, and the GETs that follow a run.
//
// Lifecycle: one a load; what a call returns is valid until the next call. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "bench/load/options.h"
#include "bench/load/payload.h"
#include "bench/load/signer.h"
#include "proto/clock.h"

namespace penstock::bench {

class RequestBuilder {
 public:
  /// `run` makes the idempotency keys of this run its own. `signer` may be null.
  static Result<std::unique_ptr<RequestBuilder>> make(const LoadOptions& options, Payloads payloads,
                                                      std::unique_ptr<Signer> signer,
                                                      std::string run);

  /// The POST of the events first … first+count-1.
  std::string_view post(uint64_t first, size_t count);
  /// A GET of `path` on the same host, with the user's headers.
  std::string_view get(std::string_view path, bool stream);
  /// The payload of one event, as it was or will be sent.
  void payload(uint64_t seq, std::string& out) const { payloads_.render(seq, out); }

 private:
  RequestBuilder(const LoadOptions& options, Payloads payloads, std::unique_ptr<Signer> signer,
                 std::string run);
  Status read_headers();
  void append_own_headers(uint64_t first);

  const LoadOptions& options_;
  Payloads payloads_;
  std::unique_ptr<Signer> signer_;
  std::string run_;
  SystemClock clock_;
  Template head_;  // request line and fields of a POST, up to the ones made per request
  Template get_fields_;
  bool keys_ = false;
  bool cached_ = false;  // out_ holds the one POST that there is
  std::string body_;
  std::string out_;
  std::string get_;
};

}  // namespace penstock::bench
