#include <chrono>
#include <thread>

#include "tests/executor/scenario_player.h"

namespace penstock::executor {
namespace {

std::string pet(const std::string& id) {
  return R"({"id":)" + id + R"(,"name":"Milou","status":"available","photoUrls":[]})";
}

const char* const kSwagger = R"({
  "swagger": "2.0", "host": "petstore.swagger.io", "basePath": "/v2", "schemes": ["https", "http"],
  "paths": {
    "/pet/findByStatus": {"get": {"operationId": "findPetsByStatus", "parameters": [
      {"name": "status", "in": "query", "required": true, "type": "array", "collectionFormat": "multi"}]}},
    "/pet/{petId}": {"get": {"operationId": "getPetById", "parameters": [
      {"name": "petId", "in": "path", "required": true, "type": "integer"}]}}}})";

constexpr const char* kBasic =
    "Authorization: Basic c2VydmVybGVzcy13b3JrZmxvdzpjb25mb3JtYW5jZS10ZXN0";

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

TlsStub::Answer KitServices::answer(const TlsStub::Request& request) {
  const std::string& path = request.path;
  if (path == "/v2/swagger.json") return {200, kSwagger};
  if (path == "/v2/pet/findByStatus?status=available")
    return {200, "[" + pet("1") + "," + pet("2") + "]"};
  const std::string id = path.starts_with("/v2/pet/") ? path.substr(8) : "";
  const bool number = !id.empty() && id.find_first_not_of("0123456789") == id.npos;
  return number ? TlsStub::Answer{200, pet(id)} : httpbin(request);
}

TlsStub::Answer KitServices::httpbin(const TlsStub::Request& request) {
  const std::string& path = request.path;
  if (path.starts_with("/basic-auth/")) {
    const bool known = request.head.find(kBasic) != std::string::npos;
    return {known ? 200 : 401, R"({"authenticated":true})"};
  }
  if (path.starts_with("/status/")) return {std::stoi(last_part(path)), "{}"};
  if (path.starts_with("/flaky/")) return flaky(path);
  if (path == "/echo") return {200, R"({"body":)" + request.body + "}"};
  if (path.starts_with("/slow/")) {
    const std::string ms = last_part(path);
    std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(ms)));
    return {200, R"({"slow":)" + ms + "}"};
  }
  return {404, R"({"message":"no such pet"})"};
}

TlsStub::Answer KitServices::flaky(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const int tries = ++tries_[path];
  return {tries <= std::stoi(last_part(path)) ? 503 : 200,
          R"({"tries":)" + std::to_string(tries) + "}"};
}

}  // namespace penstock::executor
