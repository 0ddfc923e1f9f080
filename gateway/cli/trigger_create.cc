#include "gateway/cli/trigger_create.h"

#include "gateway/cli/input.h"
#include "gateway/cli/json.h"
#include "gateway/config/units.h"

namespace penstock::gateway {

void TriggerCreate::add_to(Command& command) {
  command.argument("NAME", name, "a-z, 0-9 and -, at most 63");
  command.option("--workflow", workflow, "W", "the workflow to start; W@VERSION pins a version",
                 true);
  command.flag("--reply", reply, "hold the sender's request and answer with the workflow's output");
  command.option("--wait", wait, "TIME", "how long to hold it before it turns into 202 [30s]");
  command.flag("--require-key", require_key, "make an API key; senders without it are refused");
  command.option("--durability", durability, "disk|memory|replicated",
                 "what a 2xx promises [disk]");
  command.flag("--inactive", inactive, "keep events as samples until it is activated");
  command.option("--type", type, "TYPE", "the CloudEvents type of its events");
  command.option("--body-bytes-max", body_max, "SIZE", "largest body; 413 beyond");
  command.option("--attempts-max", attempts, "N", "tries of a run before it is dead");
}

/// workflow or workflow@version.
static Status add_workflow(JsonObject& object, const std::string& workflow) {
  const size_t at = workflow.find('@');
  object.text("workflow", workflow.substr(0, at));
  if (at == std::string::npos) return {};
  const Result<uint64_t> version = parse_count(workflow.substr(at + 1));
  if (!version || *version == 0)
    return Status::invalid("--workflow: the version behind @ is a number from 1");
  object.number("workflow_version", *version);
  return {};
}

static Status add_number(JsonObject& object, std::string_view flag, std::string_view member,
                         const std::string& text, Result<uint64_t> value) {
  if (text.empty()) return {};
  if (!value) return Status::invalid(std::string(flag) + ": " + value.status().message());
  object.number(member, *value);
  return {};
}

Result<std::string> TriggerCreate::body() const {
  JsonObject object;
  object.text("name", name);
  PENSTOCK_TRY(add_workflow(object, workflow));
  object.boolean("reply", reply || !wait.empty())
      .boolean("require_key", require_key)
      .boolean("active", !inactive);
  PENSTOCK_TRY(add_number(object, "--wait", "reply_wait_ms", wait, read_wait(wait)));
  PENSTOCK_TRY(
      add_number(object, "--body-bytes-max", "body_bytes_max", body_max, parse_bytes(body_max)));
  PENSTOCK_TRY(
      add_number(object, "--attempts-max", "attempts_max", attempts, parse_count(attempts)));
  if (!durability.empty()) object.text("durability", durability);
  if (!type.empty()) object.text("event_type", type);
  return object.str();
}

}  // namespace penstock::gateway
