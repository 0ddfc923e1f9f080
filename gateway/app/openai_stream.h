// A run's stream in the words of OpenAI's API: chunks of a chat completion, or the events of a
// response, whose sequence numbers follow from the stored pieces, so that ?starting_after resumes.
//
// What a client has heard cannot be taken back: a stream whose text begins anew ends with an error.
#pragma once

#include "gateway/app/openai.h"
#include "gateway/app/stream_form.h"

namespace penstock::gateway {

class ChatForm final : public StreamForm {
 public:
  ChatForm(Id id, OpenAiCall call) : id_(id), call_(std::move(call)) {}

  Response head() const override;
  bool begins_at_once() const override { return false; }
  void status(records::RunStatus, std::string&) override {}
  void piece(uint32_t sequence, const records::StreamPiece& piece, std::string& out) override;
  void end(const records::ResultRecord& result, std::string& out) override;
  bool over() const override { return over_; }
  std::optional<Response> instead(const records::ResultRecord& result) const override;

 private:
  void chunk(std::string& out, std::string_view delta, std::string_view finish_reason);
  void finish(const records::Outcome& outcome, std::string& out);

  Id id_;
  OpenAiCall call_;
  bool said_ = false;
  bool over_ = false;
};

class ResponsesForm final : public StreamForm {
 public:
  /// `after`: the last sequence number that the reader has; -1: none. It is told of all pieces.
  ResponsesForm(Id id, std::string model, int64_t after)
      : id_(id), model_(std::move(model)), after_(after) {}

  Response head() const override;
  void status(records::RunStatus status, std::string& out) override;
  void piece(uint32_t sequence, const records::StreamPiece& piece, std::string& out) override;
  void end(const records::ResultRecord& result, std::string& out) override;
  bool over() const override { return over_; }

 private:
  void tell(std::string& out, std::string_view type, int64_t number, std::string_view members);
  void finish(const records::Outcome& outcome, int64_t number, std::string& out);
  std::string item_id() const { return "msg_" + response_id(id_).substr(5); }

  Id id_;
  std::string model_;
  int64_t after_;
  bool begun_ = false, said_ = false, over_ = false;
};

}  // namespace penstock::gateway
