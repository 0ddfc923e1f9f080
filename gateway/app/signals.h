// POST /v1/runs/{id}/signals/{name}: an event for one run that listens for it, such as a person's
// approval. Whoever may read the run may send one; so may whoever has the wait's own address, which
// carries a token (`?token=`) and is shown with the run while it waits.
//
// Loop thread.
#pragma once

#include <string>
#include <string_view>

#include "gateway/app/context.h"
#include "gateway/app/json_check.h"

namespace penstock::gateway {

class Signals {
 public:
  explicit Signals(Context& context) : context_(context), ids_(context.clock) {}

  static bool is_ours(std::string_view path);
  BodyPlan on_head(const RequestHead& head);
  void on_request(ExchangeId exchange, const RequestHead& head, Body body);
  void on_signalled(const queue::Signalled& signalled);

  /// For a run's status: `,"signals":[{"name","url"}…]`, empty when it waits for none.
  static std::string json_of(const Context& context, const Id& run, const queue::LiveView& live);

 private:
  struct Ask {
    ExchangeId exchange;
    Id run;
    std::string name, key, token;
    bool admin = false;
    std::string body;
  };
  static std::string token_of(const Credentials& credentials, const Id& run, std::string_view name);
  void answer(const Ask& ask, queue::ReadDone& done);
  std::optional<Response> refuse(const Ask& ask, const queue::RunRead& read) const;

  Context& context_;
  IdGenerator ids_;
  JsonCheck json_check_;
  queue::Cookie last_ = 0;
  std::unordered_map<queue::Cookie, Ask> asked_;
};

}  // namespace penstock::gateway
