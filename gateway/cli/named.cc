#include "gateway/cli/named.h"

#include <vector>

#include "gateway/cli/table.h"
#include "proto/suggest.h"

namespace penstock::gateway {

/// Prints the names that exist, when they can be had and one is near.
static void hint_names(const Session& session, const ApiClient& api, const NamedKind& kind,
                       const std::string& name) {
  const Result<ApiAnswer> list = api.get(std::string("/v1/") + kind.collection);
  if (!list || list->status != 200) return;
  const Result<JsonDocument> parsed = JsonDocument::parse(list->body);
  if (!parsed) return;
  std::vector<std::string> names;
  for (const JsonView& item : parsed->root()[kind.collection].items())
    names.push_back(item["name"].text());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = nearest_word(name, views);
  if (!near.empty()) session.console.note("Did you mean \"" + harmless(near) + "\"?");
  if (near.empty())
    session.console.note("`penstock " + std::string(kind.noun) + " list` shows what there is.");
}

int on_named(const Session& session, const NamedKind& kind, const std::string& name,
             const std::string& method, const std::string& tail, const std::string& body,
             const Session::Human& human) {
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  const std::string path = std::string("/v1/") + kind.collection + "/" + url_encoded(name) + tail;
  const Result<ApiAnswer> answer = method == "GET" ? api->get(path) : api->send(method, path, body);
  const int code = session.show(answer, human);
  const bool hinted = answer.ok() && answer->body.find("id you mean") != std::string::npos;
  if (answer.ok() && answer->status == 404 && !hinted) hint_names(session, *api, kind, name);
  return code;
}

}  // namespace penstock::gateway
