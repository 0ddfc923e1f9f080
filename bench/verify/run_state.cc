#include "bench/verify/run_state.h"

#include <simdjson.h>

#include <array>

namespace penstock::bench {

struct RunStateReader::Impl {
  simdjson::dom::parser parser;
};

RunStateReader::RunStateReader() : impl_(std::make_unique<Impl>()) {}
RunStateReader::~RunStateReader() = default;

static std::optional<RunState::Status> status_of(std::string_view word) {
  constexpr std::array<std::string_view, 8> kWords = {"captured",  "queued", "running",   "waiting",
                                                      "succeeded", "failed", "cancelled", "dead"};
  for (size_t i = 0; i < kWords.size(); i++)
    if (kWords[i] == word) return static_cast<RunState::Status>(i);
  return std::nullopt;
}

std::optional<RunState> RunStateReader::read(std::string_view text) {
  simdjson::dom::object run;
  if (impl_->parser.parse(text.data(), text.size()).get(run)) return std::nullopt;
  std::string_view id, status, tag;
  if (run["id"].get(id) || run["status"].get(status)) return std::nullopt;
  const auto known_id = Id::from_text(id);
  const auto known_status = status_of(status);
  if (!known_id || !known_status) return std::nullopt;
  RunState state{*known_id, *known_status, 0, ""};
  if (run["attempts"].get(state.attempts)) state.attempts = 0;
  if (!run["tag"].get(tag)) state.tag = tag;
  return state;
}

}  // namespace penstock::bench
