// `call: chat`: asks an OpenAI-compatible model, streamed or not. A model that is busy or fails is
// asked again as Retry-After says, then the next of the list is asked. A streamed text becomes
// pieces for the run's readers as it comes; told again after a crash, only what is new does.
// Limitations: the text of the first choice is streamed, the rest only stands in the output.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "executor/tasks/authorized_call.h"
#include "executor/tasks/chat_reply.h"
#include "executor/tasks/retelling.h"
#include "executor/tasks/sse_reader.h"

namespace penstock::executor {

class ChatCall final : public AuthorizedCall {
 public:
  ChatCall(const flow::Call& call, CallContext context);
  CallStep begin() override;
  std::optional<CallStep> received(std::string_view bytes) override;
  CallStep resumed() override { return ask(); }
  void abandoned() override { retelling_.withdraw(pieces_); }

 private:
  struct Candidate {
    json::Value model, endpoint;
  };

  CallStep answered(const HttpReply& reply) override;
  std::optional<flow::Error> read_arguments();
  void add_candidates(const json::Value& list);
  CallStep ask();
  json::Value body() const;
  CallStep conclude();
  CallStep whole(const HttpReply& reply);
  CallStep refused(const HttpReply& reply);
  CallStep failed(flow::Error error, std::optional<uint64_t> wait_ms);
  std::string model_name() const;

  std::vector<Candidate> candidates_;
  size_t at_ = 0;  // the candidate that is asked
  uint32_t retries_ = 0, retries_max_ = 0;
  bool streamed_ = false;
  Retelling retelling_;
  SseReader reader_;
  std::optional<ChatReply> reply_;  // of a stream
};

}  // namespace penstock::executor
