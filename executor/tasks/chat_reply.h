// A model's reply in the form that the task puts out, from a whole chat.completion or from the
// chunks of a streamed one. Pure, one reply.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "executor/json/value.h"
#include "proto/status.h"

namespace penstock::executor {

/// {id, model, created, message, finish_reason, usage}; `choices` where there are several.
/// kInvalid: it is no chat.completion.
Result<json::Value> chat_output(const json::Value& completion);

class ChatReply {
 public:
  /// Takes a chunk's JSON; gives what it adds to the first choice's text. kUnavailable: the other
  /// side says that it failed. kInvalid: no chunk.
  Result<std::string> add(std::string_view chunk);
  /// A choice says how it ended: the reply may count as whole.
  bool finished() const { return finished_; }
  /// The same form as chat_output().
  json::Value output() const;

 private:
  struct Choice {
    json::Value message = json::Value::object();
    std::string content;
    std::map<int64_t, json::Value> tool_calls;
    json::Value finish_reason;
    bool has_content = false;
  };
  void add_choice(const json::Value& choice, std::string& text);
  json::Value choice_value(int64_t index, const Choice& choice) const;

  json::Value head_ = json::Value::object();  // id, model, created, usage
  std::map<int64_t, Choice> choices_;
  bool finished_ = false;
};

}  // namespace penstock::executor
