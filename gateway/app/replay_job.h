// A bulk replay: which events, how far it is, and its durable form. Plain data.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gateway/http/exchange.h"
#include "queue/types.h"

namespace penstock::gateway {

struct ReplayJob {
  enum class State : uint8_t { kCounting, kRunning, kDone, kCancelled, kFailed };

  uint64_t number = 0;  ///< 0: a preview
  State state = State::kCounting;
  queue::ListQuery filter;
  std::string filter_text;  ///< as it was asked for, JSON
  uint32_t per_s = 0;
  uint64_t created_at_ms = 0, finished_at_ms = 0;
  Id newest;  ///< no event after this one
  Id done_up_to;
  uint64_t total = 0, replayed = 0, failed = 0;
  std::string last_error;

  // --- of this life only ---
  bool is_collected = false;
  std::vector<Id> left;  ///< newest first
  std::optional<ExchangeId> asked_by = {};
  std::string who;  ///< asked for it, as the audit log names them
};
using ReplayJobPtr = std::shared_ptr<ReplayJob>;

std::string_view replay_state_word(ReplayJob::State state);
/// For people.
nlohmann::ordered_json replay_json(const ReplayJob& job);
/// "replay/…" and its bytes.
queue::StoredDefinition stored_replay(const ReplayJob& job);
/// Null: it is something else, or broken.
ReplayJobPtr read_replay(const queue::StoredDefinition& stored);

}  // namespace penstock::gateway
