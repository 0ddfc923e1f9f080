#include "bench/verify/conservation.h"

#include <nlohmann/json.hpp>

namespace penstock::bench {

Result<ServerCounts> parse_stats(std::string_view json) {
  const auto stats = nlohmann::json::parse(json, nullptr, false);
  if (!stats.is_object()) return Status::invalid("/v1/stats is no JSON object");
  ServerCounts counts;
  const std::pair<const char*, uint64_t*> members[] = {
      {"accepted", &counts.accepted}, {"captured", &counts.captured},
      {"queued", &counts.queued},     {"running", &counts.running},
      {"waiting", &counts.waiting},   {"succeeded", &counts.succeeded},
      {"failed", &counts.failed},     {"cancelled", &counts.cancelled},
      {"dead", &counts.dead}};
  for (const auto& [name, into] : members) {
    const auto at = stats.find(name);
    if (at == stats.end() || !at->is_number_unsigned())
      return Status::invalid(std::string("/v1/stats has no number \"") + name + "\"");
    *into = at->get<uint64_t>();
  }
  return counts;
}

bool Conservation::holds() const {
  return complaint().empty();
}

std::string Conservation::complaint() const {
  if (!known) return "";
  if (after.accepted != after.sum())
    return "the server's sum is off: accepted " + std::to_string(after.accepted) +
           ", but its parts make " + std::to_string(after.sum());
  if (beyond() < 0)
    return "the server counts " + std::to_string(-beyond()) + " events fewer than it acknowledged";
  if (static_cast<uint64_t>(beyond()) > unanswered)
    return "the server took " + std::to_string(beyond()) +
           " events beyond the acknowledged ones, but only " + std::to_string(unanswered) +
           " requests went unanswered (doubled, or somebody else sends too)";
  return "";
}

}  // namespace penstock::bench
