// A method of a gRPC service as its .proto file describes it: JSON in, bytes out and back. The one
// place that knows protobuf's compiler. Single owner.
#pragma once

#include <memory>
#include <string>

#include "proto/status.h"

namespace penstock::executor {

class GrpcMethod {
 public:
  /// `service` with or without its package. kInvalid: what is wrong with the file, or not in it.
  static Result<std::unique_ptr<GrpcMethod>> find(const std::string& proto,
                                                  const std::string& service,
                                                  const std::string& method);
  ~GrpcMethod();
  GrpcMethod(const GrpcMethod&) = delete;
  GrpcMethod& operator=(const GrpcMethod&) = delete;

  /// "/package.Service/Method".
  std::string path() const;
  /// The request message of a JSON object. kInvalid: it does not fit.
  Result<std::string> request(const std::string& json) const;
  /// The reply message as JSON.
  Result<std::string> reply(const std::string& bytes) const;

 private:
  struct Parts;
  explicit GrpcMethod(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::executor
