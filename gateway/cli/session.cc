#include "gateway/cli/session.h"

#include <cstdlib>
#include <fstream>

#include "gateway/config/load.h"

namespace penstock::gateway {

namespace {

std::string from_env(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// The first line of the data folder's token file, "" when there is none to read.
std::string token_in(const std::string& data) {
  std::ifstream in(data + "/admin-token");
  std::string token;
  std::getline(in, token);
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.pop_back();
  return token;
}

std::string host_of(const std::string& url) {
  const size_t start = url.find("://") == std::string::npos ? 0 : url.find("://") + 3;
  const size_t end = url.find_first_of("/?#", start);
  const Result<Address> address = Address::parse(url.substr(start, end - start));
  return address.ok() ? address->host : url.substr(start, end - start);
}

/// Where a gateway with this configuration can be reached from here.
std::string admin_url(const Config& config) {
  Address address = config.admin_listen;
  if (address.host == "0.0.0.0" || address.host == "::") address.host = "127.0.0.1";
  return (config.admin_tls_cert.empty() ? "http://" : "https://") + address.text();
}

}  // namespace

void Session::add_flags(Command& command, bool with_json) {
  if (with_json) command.flag("--json", json, "print the server's JSON as it is");
  command.heading("Server");
  command.option("--url", url_, "URL",
                 "the operators' listener [PENSTOCK_URL, http://127.0.0.1:8081]");
  command.option("--token", token_, "TOKEN", "the admin token [PENSTOCK_TOKEN, DATA/admin-token]");
  command.option("--data", data_, "DIR", "the data folder to read the token from [PENSTOCK_DATA]");
  command.option("--cacert", cacert_, "FILE", "a PEM certificate to trust");
  command.heading("Options");
}

Result<ApiClient> Session::client() const {
  const Config local = load_config({{}, process_environment(), {}}).config;
  ApiServer server{url_.empty() ? from_env("PENSTOCK_URL") : url_, token_, cacert_};
  const bool here = server.url.empty();
  if (here) server.url = admin_url(local);
  while (server.url.ends_with('/')) server.url.pop_back();
  if (!server.url.starts_with("http://") && !server.url.starts_with("https://")) {
    return Status::invalid("\"" + server.url + "\" is no URL: write http://HOST:PORT");
  }
  if (server.token.empty()) server.token = from_env("PENSTOCK_TOKEN");
  // This machine's token is not sent to another unless somebody said so.
  const bool loopback = Address{host_of(server.url), 1}.is_loopback();
  if (server.token.empty() && (here || loopback || !data_.empty())) {
    server.token = token_in(data_.empty() ? local.data : data_);
  }
  for (const char c : server.token) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7F)
      return Status::invalid("the token has a blank in it");
  }
  return ApiClient(std::move(server));
}

std::optional<JsonDocument> Session::document(const Result<ApiAnswer>& answer) const {
  if (!answer) {
    console.fail(answer.status().message());
    return std::nullopt;
  }
  if (answer->status >= 300) {
    explain_problem(console, *answer);
    return std::nullopt;
  }
  Result<JsonDocument> parsed = JsonDocument::parse(answer->body.empty() ? "{}" : answer->body);
  if (parsed.ok()) return *parsed;
  console.fail("the server's answer is not JSON: is this the operators' listener of Penstock?");
  return std::nullopt;
}

int Session::show(const Result<ApiAnswer>& answer, const Human& human) const {
  const std::optional<JsonDocument> parsed = document(answer);
  if (!parsed) return kExitFailed;
  if (!json) human(parsed->root());
  if (json && !answer->body.empty())
    console.print(answer->body + (answer->body.ends_with('\n') ? "" : "\n"));
  return kExitDone;
}

int Session::get(const std::string& path, const Human& human, uint64_t wait_ms) const {
  const Result<ApiClient> api = client();
  return api.ok() ? show(api->get(path, wait_ms), human) : usage(api.status().message());
}

int Session::send(const std::string& method, const std::string& path, const std::string& body,
                  const Human& human) const {
  const Result<ApiClient> api = client();
  return api.ok() ? show(api->send(method, path, body), human) : usage(api.status().message());
}

int Session::fail(const Status& status) const {
  console.fail(status.message());
  return kExitFailed;
}

int Session::usage(const std::string& sentence) const {
  console.fail(sentence);
  return kExitUsage;
}

}  // namespace penstock::gateway
