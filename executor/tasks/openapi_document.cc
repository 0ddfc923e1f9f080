#include "executor/tasks/openapi_document.h"

#include "executor/definition/definition.h"
#include "executor/json/parse.h"
#include "executor/tasks/encoding.h"
#include "executor/tasks/http_call.h"

namespace penstock::executor {
namespace {

constexpr std::string_view kMethods[] = {"get",     "put",  "post",  "delete",
                                         "options", "head", "patch", "trace"};

std::string origin_of(const std::string& url) {
  const size_t host = url.find("://");
  return url.substr(0, host == url.npos ? 0 : url.find('/', host + 3));
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Simple style: elements joined by commas.
std::string joined(const json::Value& value) {
  if (!value.is_array()) return plain_text(value);
  std::string out;
  for (size_t i = 0; i < value.size(); i++) out += (i ? "," : "") + plain_text(value.at(i));
  return out;
}

bool is_repeated(const json::Value& definition) {
  const std::string_view format = definition.get("collectionFormat").as_string();
  if (!format.empty()) return format == "multi";
  const json::Value explode = definition.get("explode");
  const bool swagger = definition.find("type").has_value();  // csv is Swagger's default
  return explode.is_bool() ? explode.as_bool() : !swagger;
}

}  // namespace

Result<json::Value> OpenApiDocument::parse(std::string_view text) {
  Result<json::Value> value = json::parse(text);
  if (value) return value;
  Result<definition::Definition> yaml = definition::load(text);
  return yaml ? Result<json::Value>(yaml->root) : Result<json::Value>(yaml.status());
}

// Follows `$ref` within the document, a few times at most.
json::Value OpenApiDocument::resolved(const json::Value& value) const {
  json::Value at = value;
  for (int hops = 0; hops < 8; hops++) {
    const json::Value reference = at.get("$ref");
    if (!reference.is_string() || !reference.as_string().starts_with("#/")) return at;
    const std::string path(reference.as_string().substr(2));
    at = document_;
    for (size_t begin = 0; begin <= path.size();) {
      const size_t end = std::min(path.find('/', begin), path.size());
      std::string step = path.substr(begin, end - begin);
      replace_all(step, "~1", "/");
      replace_all(step, "~0", "~");
      at = at.get(step);
      begin = end + 1;
    }
  }
  return at;
}

std::optional<OpenApiDocument::Operation> OpenApiDocument::find(std::string_view id) const {
  const json::Value paths = document_.get("paths");
  for (size_t i = 0; paths.is_object() && i < paths.size(); i++) {
    const json::Member path = paths.member(i);
    const json::Value item = resolved(path.value);
    for (const std::string_view method : kMethods) {
      const json::Value operation = item.get(method);
      if (operation.get("operationId").as_string() != id) continue;
      return Operation{std::string(method), std::string(path.key.as_string()), item, operation};
    }
  }
  return std::nullopt;
}

std::string OpenApiDocument::server(const Operation& operation) const {
  if (document_.find("swagger")) {
    const std::string host(document_.get("host").as_string());
    const json::Value schemes = document_.get("schemes");
    std::string scheme = url_.substr(0, url_.find("://"));
    for (size_t i = 0; i < schemes.size(); i++) {
      if (i == 0 || schemes.at(i).as_string() == "https") scheme = schemes.at(i).as_string();
    }
    const std::string base(document_.get("basePath").as_string());
    return (host.empty() ? origin_of(url_) : scheme + "://" + host) + (base == "/" ? "" : base);
  }
  for (const json::Value& holder : {operation.definition, operation.item, document_}) {
    const json::Value first =
        holder.get("servers").size() ? holder.get("servers").at(0) : json::Value();
    if (!first.get("url").is_string()) continue;
    std::string url(first.get("url").as_string());
    const json::Value variables = first.get("variables");
    for (size_t i = 0; i < variables.size(); i++) {
      const json::Member variable = variables.member(i);
      replace_all(url, "{" + std::string(variable.key.as_string()) + "}",
                  plain_text(variable.value.get("default")));
    }
    while (url.ends_with('/')) url.pop_back();
    return url.find("://") == url.npos ? origin_of(url_) + url : url;
  }
  return origin_of(url_);
}

// One declared parameter to its place.
Status OpenApiDocument::put(HttpRequest& request, std::string& path, const json::Value& definition,
                            const json::Value& value, json::Value& form) const {
  const std::string name(definition.get("name").as_string());
  const std::string_view place = definition.get("in").as_string();
  if (value.is_null()) {
    if (!definition.get("required").as_bool()) return Status();
    return Status::invalid("the parameter '" + name + "' is required");
  }
  if (place == "path") {
    replace_all(path, "{" + name + "}", percent_encoded(joined(value)));
  } else if (place == "query") {
    json::Value pair = json::Value::object();
    pair.set(name, is_repeated(definition) ? value : json::Value::string(joined(value)));
    append_query(request.url, form_encoded(pair));
  } else if (place == "header") {
    request.headers.emplace_back(name, joined(value));
  } else if (place == "cookie") {
    request.headers.emplace_back("Cookie", name + "=" + percent_encoded(joined(value)));
  } else if (place == "formData") {
    form.set(name, value);
  } else if (place == "body") {
    put_body(request, value);
  }
  return Status();
}

// OpenAPI 3's body: the parameter `body`, or all that are not declared elsewhere.
void OpenApiDocument::put_rest(HttpRequest& request, const Operation& operation,
                               const json::Value& parameters, const json::Value& declared) const {
  const json::Value content = resolved(operation.definition.get("requestBody")).get("content");
  if (!content.is_object() || content.size() == 0) return;
  json::Value body = json::Value::object();
  for (size_t i = 0; parameters.is_object() && i < parameters.size(); i++) {
    const json::Member member = parameters.member(i);
    if (!declared.find(member.key.as_string())) body.set_key(member.key, member.value);
  }
  if (body.size() == 1 && body.find("body")) body = body.get("body");
  if (body.is_object() && body.size() == 0) return;
  const bool json = content.find("application/json").has_value();
  request.headers.emplace_back("Content-Type",
                               json ? "application/json" : content.member(0).key.as_string());
  put_body(request, body);
}

Result<HttpRequest> OpenApiDocument::request(std::string_view operation_id,
                                             const json::Value& parameters) const {
  const std::optional<Operation> operation = find(operation_id);
  if (!operation) {
    return Status::not_found("the document has no operation '" + std::string(operation_id) + "'");
  }
  HttpRequest request;
  request.method = operation->method;
  for (char& c : request.method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  std::string path = operation->path;
  json::Value declared = json::Value::object(), form = json::Value::object();
  for (const json::Value& holder : {operation->definition, operation->item}) {
    const json::Value list = holder.get("parameters");
    for (size_t i = 0; list.is_array() && i < list.size(); i++) {
      const json::Value definition = resolved(list.at(i));
      const std::string_view name = definition.get("name").as_string();
      if (declared.find(name)) continue;  // the operation's own goes before the path's
      declared.set(name, json::Value::boolean(true));
      PENSTOCK_TRY(put(request, path, definition, parameters.get(name), form));
    }
  }
  request.url = server(*operation) + path + request.url;
  if (form.size()) {
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    put_body(request, form);
  }
  put_rest(request, *operation, parameters, declared);
  return request;
}

}  // namespace penstock::executor
