// penstock secret …: values that workflows use and nobody reads back.
#include <unistd.h>

#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/named.h"
#include "gateway/cli/table.h"
#include "proto/limits.h"

namespace penstock::gateway {

namespace {

constexpr NamedKind secrets{"secret", "secrets"};

/// The value comes from a file or standard input: a command line is visible to every user.
int set(const Session& session, const std::string& name, const std::string& file) {
  if (file == "-" && ::isatty(STDIN_FILENO) == 1)
    session.console.note("Type the secret, then ^D:");
  Result<std::string> value = read_input(file, limits::secret_bytes_max);
  if (!value) return session.fail(value.status());
  while (value->ends_with('\n') || value->ends_with('\r')) value->pop_back();
  if (value->empty()) return session.usage("the secret is empty: hand it over on standard input");
  return on_named(session, secrets, name, "PUT", "", JsonObject().text("value", *value).str(),
                  [&](const JsonView&) { session.console.print(name + " set\n"); });
}

void print_list(const Console& console, const JsonView& root) {
  Table table({"NAME", "UPDATED"});
  for (const JsonView& s : root["secrets"].items())
    table.row({s["name"].text(), s["updated_at"].text()});
  if (table.empty()) console.note("No secrets.");
  if (!table.empty()) console.print(table.text(console));
}

}  // namespace

void add_secret_commands(Command& root, Session& session) {
  Command secret = root.sub("secret", "set the secrets that workflows use");
  const auto name = std::make_shared<std::string>();
  Command setter = secret.sub("set", "set a secret from standard input");
  setter.argument("NAME", *name, "its name in workflows");
  const auto file = std::make_shared<std::string>("-");
  setter.option("--value-file", *file, "FILE", "read it from a file (standard input)");
  session.add_flags(setter);
  setter.action([name, file, &session] { return set(session, *name, *file); });
  setter.examples({"penstock secret set openai < key.txt",
                   "penstock secret set shop --value-file login.json   # {\"username\":…,\"password\":…}"});

  Command list = secret.sub("list", "names only, never values");
  session.add_flags(list);
  list.action([&session] {
    return session.get("/v1/secrets",
                       [&](const JsonView& view) { print_list(session.console, view); });
  });
  Command removed = secret.sub("delete", "remove a secret");
  removed.argument("NAME", *name, "the secret's name");
  session.add_flags(removed);
  removed.action([name, &session] {
    return on_named(session, secrets, *name, "DELETE", "", {},
                    [&](const JsonView&) { session.console.print(*name + " deleted\n"); });
  });
  Command rekey = secret.sub("rekey", "make a new key and seal every secret with it");
  session.add_flags(rekey);
  rekey.action([&session] {
    return session.send("POST", "/v1/secrets/rekey", "{}", [&](const JsonView& answer) {
      session.console.print(answer["sealed"].text() + " sealed with key " +
                            answer["key_version"].text() + "\n");
    });
  });
}

}  // namespace penstock::gateway
