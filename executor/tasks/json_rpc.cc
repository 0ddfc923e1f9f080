#include "executor/tasks/json_rpc.h"

#include <string>

namespace penstock::executor {

json::Value rpc_request(int64_t id, std::string_view method, const json::Value& parameters) {
  json::Value request = json::Value::object();
  request.set("jsonrpc", json::Value::string("2.0"));
  if (id) request.set("id", json::Value::integer(id));
  request.set("method", json::Value::string(std::string(method)));
  if (!parameters.is_null()) request.set("params", parameters);
  return request;
}

std::optional<std::variant<json::Value, flow::Error>> rpc_result(const json::Value& message,
                                                                 int64_t id) {
  const json::Value error = message.get("error");
  const bool answers =
      message.get("id").as_integer() == id || (message.get("id").is_null() && error.is_object());
  if (!answers || message.find("method")) return std::nullopt;
  if (!error.is_object()) return message.get("result");
  flow::Error made = flow::Error::of(flow::ErrorKind::kRuntime,
                                     std::string(error.get("message").as_string()) + " (JSON-RPC " +
                                         error.get("code").dump() + ")");
  return made;
}

}  // namespace penstock::executor
