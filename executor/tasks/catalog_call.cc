#include "executor/tasks/catalog_call.h"

#include <algorithm>

#include "executor/definition/definition.h"
#include "executor/flow/compiler.h"
#include "executor/tasks/encoding.h"
#include "executor/tasks/http_call.h"
#include "executor/tasks/http_output.h"

namespace penstock::executor {
namespace {

using flow::Error;
using flow::ErrorKind;

constexpr uint64_t kFunctionLifeMs = 5 * 60'000;
constexpr std::string_view kGitHub = "https://github.com/", kGitLab = "https://gitlab.com/";

// "owner/repository" and, behind /tree/, the branch and folder.
std::string raw_github(std::string_view path) {
  const size_t tree = path.find("/tree/");
  const std::string repository(path.substr(0, tree));
  const std::string branch(tree == path.npos ? "main" : path.substr(tree + 6));
  return "https://raw.githubusercontent.com/" + repository + "/" + branch;
}

std::string raw_gitlab(std::string_view path) {
  const size_t tree = path.find("/-/tree/");
  const std::string repository(path.substr(0, tree));
  const std::string branch(tree == path.npos ? "main" : path.substr(tree + 8));
  return std::string(kGitLab) + repository + "/-/raw/" + branch;
}

json::Value text(std::string_view characters) {
  return json::Value::string(std::string(characters));
}

// The function as the only task of a workflow.
json::Value workflow_of(std::string_view function, const json::Value& definition) {
  const size_t colon = function.find(':');
  json::Value document = json::Value::object();
  document.set("dsl", text("1.0.3"));
  document.set("namespace", text("catalog"));
  document.set("name", text(function.substr(0, colon)));
  document.set("version", text(function.substr(colon + 1)));
  json::Value task = json::Value::object();
  task.set(function.substr(0, colon), definition);
  json::Value tasks = json::Value::array();
  tasks.push_back(std::move(task));
  json::Value workflow = json::Value::object();
  workflow.set("document", std::move(document));
  workflow.set("do", std::move(tasks));
  return workflow;
}

}  // namespace

std::string catalog_url(std::string catalog, std::string_view function) {
  const size_t colon = function.find(':');
  if (colon == function.npos || colon == 0 || colon + 1 == function.size()) return "";
  while (catalog.ends_with('/')) catalog.pop_back();
  const std::string_view place = catalog;
  const bool plain = std::count(place.begin(), place.end(), '/') >= 4;
  if (plain && place.starts_with(kGitHub))
    catalog = raw_github(place.substr(kGitHub.size()));
  else if (plain && place.starts_with(kGitLab))
    catalog = raw_gitlab(place.substr(kGitLab.size()));
  return catalog + "/functions/" + percent_encoded(function.substr(0, colon)) + "/" +
         percent_encoded(function.substr(colon + 1)) + "/function.yaml";
}

CallStep CatalogCall::begin() {
  const json::Value endpoint = call_.with.get("endpoint");
  url_ = catalog_url(endpoint_uri(endpoint), call_.with.get("function").as_string());
  if (url_.empty()) {
    return Error::of(ErrorKind::kConfiguration,
                     "a catalog's function is called by name and version: log:1.0.0@catalog");
  }
  if (const auto known = context_.caches->documents.find(url_, context_.now_ms)) {
    return loaded(*known);
  }
  json::Value resource = json::Value::object();
  resource.set("uri", text(url_));
  resource.set("authentication", endpoint.get("authentication"));
  return fetch(resource);
}

CallStep CatalogCall::answered(const HttpReply& reply) {
  flow::TaskResult fetched = http_result(sent(), reply, "raw", false);
  if (std::holds_alternative<Error>(fetched)) return fetched;
  Result<definition::Definition> read = definition::load(reply.body);
  if (!read) {
    return Error::of(ErrorKind::kConfiguration, url_ + ": " + read.status().message());
  }
  return loaded(read->root);
}

CallStep CatalogCall::loaded(const json::Value& definition) {
  const std::string function(call_.with.get("function").as_string());
  const json::Value workflow = workflow_of(function, definition);
  Result<flow::ProgramPtr> program = flow::Compiler::compile(workflow);
  if (!program) {
    return Error::of(ErrorKind::kConfiguration, url_ + ": " + program.status().message());
  }
  context_.caches->documents.put(url_, definition, context_.now_ms + kFunctionLifeMs);
  return flow::Loaded{*program, function};
}

}  // namespace penstock::executor
