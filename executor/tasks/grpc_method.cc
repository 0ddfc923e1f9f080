#include "executor/tasks/grpc_method.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

namespace penstock::executor {
namespace {

namespace pb = google::protobuf;

constexpr const char* kFile = "service.proto";

// Naming them links them in: their files are asked of the pool of what is linked in.
void know_well_known() {
  pb::Any::descriptor();
  pb::Duration::descriptor();
  pb::Empty::descriptor();
  pb::FieldMask::descriptor();
  pb::Struct::descriptor();
  pb::Timestamp::descriptor();
  pb::StringValue::descriptor();
}

// The one file, and protobuf's own.
class Sources final : public pb::compiler::SourceTree {
 public:
  explicit Sources(const std::string& proto) : proto_(proto) {}
  pb::io::ZeroCopyInputStream* Open(const std::string& name) override {
    if (name == kFile) {
      return new pb::io::ArrayInputStream(proto_.data(), static_cast<int>(proto_.size()));
    }
    know_well_known();
    const pb::FileDescriptor* file = pb::DescriptorPool::generated_pool()->FindFileByName(name);
    if (!file || !name.starts_with("google/protobuf/")) return nullptr;
    texts_.push_back(std::make_unique<std::string>(file->DebugString()));
    return new pb::io::ArrayInputStream(texts_.back()->data(),
                                        static_cast<int>(texts_.back()->size()));
  }

 private:
  const std::string& proto_;
  std::vector<std::unique_ptr<std::string>> texts_;
};

class Complaints final : public pb::compiler::MultiFileErrorCollector {
 public:
  void AddError(const std::string& file, int line, int, const std::string& message) override {
    if (!first_.empty()) return;
    first_ = file == kFile ? "line " + std::to_string(line + 1) + ": " + message : message;
  }
  const std::string& first() const { return first_; }

 private:
  std::string first_;
};

Status untranslated(const pb::util::Status& status) {
  return Status::invalid(std::string(status.message()));
}

}  // namespace

struct GrpcMethod::Parts {
  explicit Parts(std::string text)
      : proto(std::move(text)), sources(proto), importer(&sources, &complaints) {}

  std::string proto;
  Sources sources;
  Complaints complaints;
  pb::compiler::Importer importer;
  pb::DynamicMessageFactory factory;
  const pb::MethodDescriptor* method = nullptr;
};

GrpcMethod::GrpcMethod(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
GrpcMethod::~GrpcMethod() = default;

Result<std::unique_ptr<GrpcMethod>> GrpcMethod::find(const std::string& proto,
                                                     const std::string& service,
                                                     const std::string& method) {
  auto parts = std::make_unique<Parts>(proto);
  const pb::FileDescriptor* file = parts->importer.Import(kFile);
  if (!file) return Status::invalid("the .proto file: " + parts->complaints.first());
  const pb::ServiceDescriptor* found = parts->importer.pool()->FindServiceByName(service);
  if (!found) found = parts->importer.pool()->FindServiceByName(file->package() + "." + service);
  if (!found) return Status::invalid("the .proto file has no service '" + service + "'");
  parts->method = found->FindMethodByName(method);
  if (!parts->method) {
    return Status::invalid("service '" + service + "' has no method '" + method + "'");
  }
  if (parts->method->client_streaming() || parts->method->server_streaming()) {
    return Status::invalid("method '" + method + "' streams; only unary methods are called");
  }
  return std::unique_ptr<GrpcMethod>(new GrpcMethod(std::move(parts)));
}

std::string GrpcMethod::path() const {
  return "/" + parts_->method->service()->full_name() + "/" + parts_->method->name();
}

Result<std::string> GrpcMethod::request(const std::string& json) const {
  const std::unique_ptr<pb::Message> message(
      parts_->factory.GetPrototype(parts_->method->input_type())->New());
  const auto status = pb::util::JsonStringToMessage(json, message.get());
  if (!status.ok()) return untranslated(status);
  return message->SerializeAsString();
}

Result<std::string> GrpcMethod::reply(const std::string& bytes) const {
  const std::unique_ptr<pb::Message> message(
      parts_->factory.GetPrototype(parts_->method->output_type())->New());
  if (!message->ParseFromString(bytes)) return Status::invalid("its reply is no such message");
  pb::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = pb::util::MessageToJsonString(*message, &json, options);
  if (!status.ok()) return untranslated(status);
  return json;
}

}  // namespace penstock::executor
