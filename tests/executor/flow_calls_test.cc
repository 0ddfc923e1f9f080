// Calls as procedures: what goes out and what becomes of the reply, without a network.
#include <doctest/doctest.h>

#include "executor/json/parse.h"
#include "executor/tasks/call.h"
#include "executor/tasks/encoding.h"
#include "executor/tasks/openapi_document.h"
#include "executor/tasks/uri_template.h"

namespace penstock::executor {
namespace {

json::Value value(std::string_view text) {
  Result<json::Value> parsed = json::parse(text);
  REQUIRE_MESSAGE(parsed.ok(), text);
  return *parsed;
}

HttpReply reply(unsigned status, const std::string& body,
                const std::string& type = "application/json") {
  HttpReply made;
  made.status = status;
  made.body = body;
  if (!type.empty()) made.headers = {{"content-type", type}};
  return made;
}

struct Calling {
  explicit Calling(const std::string& with, const std::string& input = "{}",
                   const std::string& kind = "http", CallCaches* shared = nullptr)
      : body{kind, {}} {
    flow::Call call{1,           &body,
                    nullptr,     value(input),
                    value(with), value(R"({"s":{"username":"u","password":"p"},"t":"tok"})")};
    procedure = make_call(call, {"key-1", shared ? shared : &own, 1000});
  }
  HttpRequest request(CallStep step) {
    REQUIRE(std::holds_alternative<HttpRequest>(step));
    return std::get<HttpRequest>(step);
  }
  HttpRequest begin() { return request(procedure->begin()); }
  HttpRequest next(HttpReply got) { return request(procedure->replied(std::move(got))); }
  flow::TaskResult end(HttpReply got) {
    CallStep step = procedure->replied(std::move(got));
    REQUIRE(std::holds_alternative<flow::TaskResult>(step));
    return std::get<flow::TaskResult>(step);
  }
  std::string output(HttpReply got) {
    flow::TaskResult result = end(std::move(got));
    if (auto* error = std::get_if<flow::Error>(&result)) return error->value().dump();
    return std::get<json::Value>(result).dump();
  }
  flow::Error error(HttpReply got) { return std::get<flow::Error>(end(std::move(got))); }

  flow::CallBody body;
  CallCaches own;
  std::unique_ptr<CallProcedure> procedure;
};

std::string header(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, text] : request.headers) {
    if (key == name) return text;
  }
  return "(none)";
}

TEST_CASE("addresses take the members of the input, escaped") {
  const json::Value input = value(R"({"id":7,"name":"a b/c","q":"x&y","none":null})");
  CHECK(expanded("http://h/{id}/{name}", input) == "http://h/7/a%20b%2Fc");
  CHECK(expanded("http://h/{+name}", input) == "http://h/a%20b/c");
  CHECK(expanded("http://h/x{?id,q,none}", input) == "http://h/x?id=7&q=x%26y");
  CHECK(expanded("http://h/{missing}/", input) == "http://h//");
  CHECK(expanded("http://h/{not a name}{", input) == "http://h/{not a name}{");
}

TEST_CASE("an http call sends method, query, headers and body") {
  Calling call(
      R"({"method":"post","endpoint":{"uri":"http://h/{id}?a=1"},"query":{"q":"x y","l":[1,2]},"headers":{"X-A":5,"X-No":null},"body":{"k":1.10}})",
      R"({"id":3})");
  const HttpRequest request = call.begin();
  CHECK(request.method == "POST");
  CHECK(request.url == "http://h/3?a=1&q=x%20y&l=1&l=2");
  CHECK(header(request, "X-A") == "5");
  CHECK(header(request, "X-No") == "(none)");
  CHECK(header(request, "Content-Type") == "application/json");
  CHECK(header(request, "Idempotency-Key") == "key-1");
  CHECK(request.body == R"({"k":1.10})");
}

TEST_CASE("text bodies go as they are, objects as a form where the header says so") {
  CHECK(Calling(R"({"method":"post","endpoint":"http://h","body":"raw"})").begin().body == "raw");
  CHECK(
      Calling(
          R"({"method":"post","endpoint":"http://h","headers":{"content-type":"application/x-www-form-urlencoded"},"body":{"a":"1 2","b":3}})")
          .begin()
          .body == "a=1%202&b=3");
}

TEST_CASE("content is parsed by its type, raw is base64, response is the whole exchange") {
  const std::string get = R"({"method":"get","endpoint":"http://h")";
  const auto output = [&get](const std::string& more, HttpReply got) {
    Calling call(get + more + "}");
    call.begin();
    return call.output(std::move(got));
  };
  CHECK(output("", reply(200, R"({"n":1.0})")) == R"({"n":1.0})");
  CHECK(output("", reply(200, "hello", "text/plain")) == R"("hello")");
  CHECK(output("", reply(200, "\xff\xfe", "image/png")) == R"("//4=")");
  CHECK(output("", reply(204, "")) == "null");
  CHECK(output(R"(,"output":"raw")", reply(200, "hi")) == R"("aGk=")");
  CHECK(
      output(R"(,"output":"response","headers":{"Authorization":"Bearer s3cret"})",
             reply(201, "1")) ==
      R"({"request":{"method":"GET","uri":"http://h","headers":{"Authorization":"***","Idempotency-Key":"key-1"}},"statusCode":201,"headers":{"content-type":"application/json"},"content":1})");
}

TEST_CASE("statuses outside 2xx are errors with that status; redirect lets 3xx pass") {
  Calling plain(R"({"method":"get","endpoint":"http://h/?token=s3cret"})");
  plain.begin();
  const flow::Error error = plain.error(reply(404, "no such pet"));
  CHECK(error.status == 404);
  CHECK(error.type.ends_with("/communication"));
  CHECK(error.detail.find("no such pet") != std::string::npos);
  CHECK(error.detail.find("s3cret") == std::string::npos);
  CHECK_FALSE(error.retryable);
  Calling busy(R"({"method":"get","endpoint":"http://h"})");
  busy.begin();
  CHECK(busy.error(reply(503, "")).retryable);
  Calling moved(R"({"method":"get","endpoint":"http://h"})");
  moved.begin();
  CHECK(moved.error(reply(304, "")).status == 304);
  Calling allowed(R"({"method":"get","endpoint":"http://h","redirect":true})");
  CHECK(allowed.begin().follow);
  CHECK(allowed.output(reply(304, "")) == "null");
}

TEST_CASE("faults become errors of the language") {
  const auto type = [](HttpFault fault) {
    Calling call(R"({"method":"get","endpoint":"http://h"})");
    call.begin();
    HttpReply got;
    got.fault = fault;
    const flow::Error error = call.error(std::move(got));
    return error.type.substr(error.type.rfind('/') + 1) + (error.retryable ? "+" : "");
  };
  CHECK(type(HttpFault::kConnect) == "communication+");
  CHECK(type(HttpFault::kTls) == "communication+");
  CHECK(type(HttpFault::kTimeout) == "timeout+");
  CHECK(type(HttpFault::kAddressRefused) == "authorization");
  CHECK(type(HttpFault::kTooLarge) == "communication");
  CHECK(type(HttpFault::kBadRequest) == "configuration");
}

std::string with_policy(const std::string& policy) {
  return R"({"method":"get","endpoint":{"uri":"http://h","authentication":)" + policy + "}}";
}

TEST_CASE("basic, bearer and digest, inline and from a secret") {
  CHECK(Calling(with_policy(R"({"basic":{"username":"a","password":"b"}})")).begin().credentials ==
        HttpCredentials{HttpCredentials::Kind::kBasic, "a", "b"});
  CHECK(Calling(with_policy(R"({"basic":{"use":"s"}})")).begin().credentials.username == "u");
  CHECK(Calling(with_policy(R"({"digest":{"use":"s"}})")).begin().credentials.kind ==
        HttpCredentials::Kind::kDigest);
  CHECK(header(Calling(with_policy(R"({"bearer":{"token":"x"}})")).begin(), "Authorization") ==
        "Bearer x");
  CHECK(header(Calling(with_policy(R"({"bearer":{"use":"t"}})")).begin(), "Authorization") ==
        "Bearer tok");
  Calling unknown(with_policy(R"({"bearer":{"use":"nobody"}})"));
  CHECK(std::holds_alternative<flow::TaskResult>(unknown.procedure->begin()));
}

const char* const kOAuth =
    R"({"oauth2":{"authority":"http://auth/realm","grant":"client_credentials","client":{"id":"i","secret":"s"},"scopes":["a","b"]}})";

TEST_CASE("oauth2 gets a token first, and the next call has it already") {
  CallCaches caches;
  Calling first(with_policy(kOAuth), "{}", "http", &caches);
  const HttpRequest asked = first.begin();
  CHECK(asked.url == "http://auth/realm/oauth2/token");
  CHECK(asked.body == "grant_type=client_credentials&scope=a%20b&client_id=i&client_secret=s");
  const HttpRequest sent = first.next(reply(200, R"({"access_token":"T1","expires_in":3600})"));
  CHECK(header(sent, "Authorization") == "Bearer T1");
  CHECK(first.output(reply(200, "1")) == "1");
  Calling second(with_policy(kOAuth), "{}", "http", &caches);
  CHECK(second.begin().url == "http://h");
}

TEST_CASE("a token that is no longer taken is renewed, once") {
  CallCaches caches;
  caches.tokens.put(value(kOAuth).get("oauth2").dump(), "old", 999'999);
  Calling call(with_policy(kOAuth), "{}", "http", &caches);
  CHECK(header(call.begin(), "Authorization") == "Bearer old");
  CHECK(call.next(reply(401, "")).url == "http://auth/realm/oauth2/token");
  CHECK(header(call.next(reply(200, R"({"access_token":"new"})")), "Authorization") ==
        "Bearer new");
  CHECK(call.error(reply(401, "")).status == 401);
}

TEST_CASE("an authority that gives no token is an authentication error") {
  Calling call(with_policy(kOAuth));
  call.begin();
  const flow::Error error = call.error(reply(400, R"({"error":"invalid_client"})"));
  CHECK(error.type.ends_with("/authentication"));
  CHECK(error.detail.find("invalid_client") != std::string::npos);
}

TEST_CASE("oidc looks up where the tokens are") {
  Calling call(with_policy(
      R"({"oidc":{"authority":"http://auth/realm/","grant":"client_credentials","client":{"id":"i","secret":"s"}}})"));
  CHECK(call.begin().url == "http://auth/realm/.well-known/openid-configuration");
  CHECK(call.next(reply(200, R"({"token_endpoint":"http://auth/t"})")).url == "http://auth/t");
}

const char* const kDocument =
    R"y({"openapi":"3.0.0","servers":[{"url":"/api/{v}","variables":{"v":{"default":"v2"}}}],
 "paths":{"/things/{id}":{"parameters":[{"$ref":"#/components/parameters/Id"}],
  "get":{"operationId":"getThing","parameters":[{"name":"tag","in":"query","schema":{"type":"array"}},{"name":"X-H","in":"header"}]},
  "put":{"operationId":"putThing","requestBody":{"content":{"application/json":{}}}}}},
 "components":{"parameters":{"Id":{"name":"id","in":"path","required":true}}}})y";

TEST_CASE("an OpenAPI operation puts its parameters where the document says") {
  const OpenApiDocument document(value(kDocument), "https://h:8/doc/openapi.json");
  Result<HttpRequest> get =
      document.request("getThing", value(R"({"id":"a/b","tag":["x","y"],"X-H":"v"})"));
  REQUIRE(get.ok());
  CHECK(get->url == "https://h:8/api/v2/things/a%2Fb?tag=x&tag=y");
  CHECK(header(*get, "X-H") == "v");
  Result<HttpRequest> put = document.request("putThing", value(R"({"id":1,"name":"n"})"));
  REQUIRE(put.ok());
  CHECK(put->method == "PUT");
  CHECK(put->body == R"({"name":"n"})");
  CHECK(document.request("getThing", value("{}")).status().fault() == Fault::kInvalid);
  CHECK(document.request("nothing", value("{}")).status().fault() == Fault::kNotFound);
}

TEST_CASE("an openapi call fetches its document once") {
  const std::string with =
      R"({"document":{"endpoint":"https://h/doc"},"operationId":"getThing","parameters":{"id":1}})";
  CallCaches caches;
  Calling first(with, "{}", "openapi", &caches);
  CHECK(first.begin().url == "https://h/doc");
  CHECK(first.next(reply(200, kDocument)).url == "https://h/api/v2/things/1");
  CHECK(first.output(reply(200, "[1]")) == "[1]");
  CHECK(Calling(with, "{}", "openapi", &caches).begin().url == "https://h/api/v2/things/1");
}

TEST_CASE("an unknown kind of call says so") {
  Calling call("{}", "{}", "telepathy");
  const CallStep step = call.procedure->begin();
  CHECK(std::get<flow::Error>(std::get<flow::TaskResult>(step)).detail.find("telepathy") !=
        std::string::npos);
}

}  // namespace
}  // namespace penstock::executor
