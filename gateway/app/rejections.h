// The requests that were refused: counted by reason, and of each trigger the last ones in brief, so
// that an operator sees why a sender gets no event through. No secrets and no bodies: of a header
// its name, of a body its size and the start of its SHA-256.
//
// Loop thread. In memory only: a restart forgets. Bounded by limits::rejections_kept_max a trigger
// and limits::rejections_max over all; beyond, the oldest go.
#pragma once

#include <array>
#include <deque>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/exchange.h"
#include "proto/clock.h"

namespace penstock::gateway {

/// One refused request.
struct Rejection {
  std::string trigger;
  uint64_t at_ms = 0;  ///< wall clock
  Code code = Code::kBadRequest;
  std::string detail;  ///< what its sender was told
  std::string hint;    ///< the likely cause, for the operator; "" unknown
  std::string remote, method, path;
  std::string header_names;  ///< lower case, joined by spaces
  uint64_t body_bytes = 0;
  std::string body_hash;  ///< first 16 hex digits of its SHA-256; "" when it was not read
};

class Rejections {
 public:
  static constexpr size_t codes = static_cast<size_t>(Code::kNoExecutor) + 1;
  using Counts = std::array<uint64_t, codes>;
  using Listed = std::vector<const Rejection*>;

  explicit Rejections(const Clock& clock) : clock_(clock) {}

  /// A request to this trigger ("" for none that exists) was refused. `body`: as far as it is
  /// there.
  void note(const std::string& trigger, const RequestHead& head, Code code, std::string_view detail,
            std::string_view hint, std::string_view body = {});
  /// A delivery was refused further in, where its head is gone.
  void note(const std::string& trigger, Code code, std::string_view detail);
  /// Reads code and detail from the problem it was answered with; other answers are no refusals.
  void note(const std::string& trigger, const RequestHead& head, const Response& answer,
            std::string_view body = {});
  /// The likely cause of the refusal that is about to be noted.
  void explain(std::string hint) { next_hint_ = std::move(hint); }
  void forget(const std::string& trigger);

  /// All since start, by code.
  const Counts& counts() const { return counts_; }
  Counts counts(const std::string& trigger) const;
  /// Newest first; the pointers hold until the next note().
  Listed of(const std::string& trigger) const;

 private:
  struct Kept {
    Counts counts{};
    std::deque<std::list<Rejection>::iterator> newest_last;
  };
  void keep(Rejection rejection);

  const Clock& clock_;
  Counts counts_{};
  std::list<Rejection> all_;  // oldest first
  std::map<std::string, Kept> by_trigger_;
  std::string next_hint_;
};

}  // namespace penstock::gateway
