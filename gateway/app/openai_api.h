// The parts of OpenAI's API that ask about runs instead of starting one: GET /v1/responses/{id}
// (also as a stream, from any place), POST …/cancel, GET /v1/models, below a trigger's URL.
// Starting one is a delivery like any other: hooks.h.
//
// Loop thread. The door has let the request in; a response is shown below its own trigger only.
#pragma once

#include <memory>

#include "gateway/app/context.h"
#include "gateway/app/delivery.h"
#include "gateway/app/openai.h"

namespace penstock::gateway {

class OpenAiApi {
 public:
  explicit OpenAiApi(Context& context) : context_(context) {}

  /// What is wrong with the method; nullopt: nothing.
  static std::optional<Response> refuse_method(const OpenAiRoute& route, const RequestHead& head);
  /// `route` is not one that starts a run.
  void on_request(ExchangeId exchange, const RequestHead& head, const OpenAiRoute& route,
                  const records::TriggerDefinition& trigger);
  /// The event of a call is durable: answers, or waits for the reply.
  void accepted(const AckPlan& ack, Id id);

 private:
  struct Ask {
    ExchangeId exchange;
    Id id;
    std::string trigger;
    bool cancel = false, stream = false;
    int64_t after = -1;
  };

  void models(ExchangeId exchange, const OpenAiRoute& route,
              const records::TriggerDefinition& trigger);
  void answer(const Ask& ask, queue::ReadDone& done);
  void cancel(const Ask& ask, const std::string& model);
  void show(const Ask& ask, const std::string& model, const queue::RunRead& read);
  void respond(ExchangeId exchange, std::string body);

  Context& context_;
};

}  // namespace penstock::gateway
