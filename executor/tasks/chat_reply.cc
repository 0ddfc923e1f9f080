#include "executor/tasks/chat_reply.h"

#include "executor/json/parse.h"

namespace penstock::executor {
namespace {

constexpr std::string_view kHead[] = {
    "id", "model", "created", "usage", "system_fingerprint", "service_tier"};
constexpr int64_t kIndexMax = 1024;  // of choices, and of tool calls in one message

int64_t index_of(const json::Value& part) {
  const int64_t index = part.get("index").as_integer().value_or(0);
  return index < 0 || index > kIndexMax ? kIndexMax : index;
}

// Adds `text` to a string member, which may not be there yet.
void append_member(json::Value& object, std::string_view key, std::string_view text) {
  json::Value member = object.take(key);
  if (!member.is_string()) member = json::Value::string("");
  member.append(text);
  object.set(key, std::move(member));
}

// Members of a delta that are not known here: text is added to, the rest is replaced.
void merge(json::Value& into, const json::Value& delta) {
  for (size_t i = 0; i < delta.size(); i++) {
    const json::Member member = delta.member(i);
    const std::string_view key = member.key.as_string();
    if (member.value.is_null() || key == "index") continue;
    const bool text = member.value.is_string() && key != "role" && key != "id" && key != "type";
    if (text) {
      append_member(into, key, member.value.as_string());
    } else {
      into.set(key, member.value);
    }
  }
}

void merge_tool_call(std::map<int64_t, json::Value>& calls, const json::Value& delta) {
  auto [found, fresh] = calls.try_emplace(index_of(delta), json::Value::object());
  json::Value& call = found->second;
  json::Value rest = delta;
  rest.erase("function");
  merge(call, rest);
  const json::Value part = delta.get("function");
  if (!part.is_object()) return;
  json::Value function = call.take("function");
  if (!function.is_object()) function = json::Value::object();
  const json::Value name = part.get("name");
  if (name.is_string() && name.as_string() != "") function.set("name", name);
  const json::Value arguments = part.get("arguments");
  append_member(function, "arguments", arguments.as_string());
  call.set("function", std::move(function));
}

json::Value output_of(const json::Value& head, const json::Value& choices) {
  json::Value output = json::Value::object();
  for (const std::string_view key : kHead) {
    if (const auto value = head.find(key); value && !value->is_null()) output.set(key, *value);
  }
  const json::Value first = choices.at(0);
  output.set("message", first.get("message"));
  output.set("finish_reason", first.get("finish_reason"));
  if (choices.size() > 1) output.set("choices", choices);
  if (!output.find("usage")) output.set("usage", json::Value());
  return output;
}

std::string message_of(const json::Value& error) {
  const json::Value message = error.get("message");
  if (message.is_string()) return std::string(message.as_string());
  return error.is_string() ? std::string(error.as_string()) : error.dump();
}

}  // namespace

Result<json::Value> chat_output(const json::Value& completion) {
  const json::Value choices = completion.get("choices");
  const json::Value error = completion.get("error");
  if (error.truthy()) return Status::unavailable(message_of(error));
  if (!choices.is_array() || !choices.at(0).get("message").is_object()) {
    return Status::invalid("the reply is no chat completion: it has no choices[0].message");
  }
  return output_of(completion, choices);
}

Result<std::string> ChatReply::add(std::string_view chunk) {
  Result<json::Value> parsed = json::parse(chunk);
  if (!parsed || !parsed->is_object()) return Status::invalid("a chunk of the stream is no JSON");
  if (const json::Value error = parsed->get("error"); error.truthy()) {
    return Status::unavailable(message_of(error));
  }
  for (const std::string_view key : kHead) {
    if (const auto value = parsed->find(key); value && !value->is_null()) head_.set(key, *value);
  }
  std::string text;
  const json::Value choices = parsed->get("choices");
  for (size_t i = 0; choices.is_array() && i < choices.size(); i++) {
    add_choice(choices.at(i), text);
  }
  return text;
}

void ChatReply::add_choice(const json::Value& part, std::string& text) {
  const int64_t index = index_of(part);
  Choice& choice = choices_[index];
  json::Value delta = part.get("delta");
  const json::Value content = delta.get("content"), calls = delta.get("tool_calls");
  if (content.is_string()) {
    choice.content += content.as_string();
    choice.has_content |= !content.as_string().empty();
    if (index == 0) text += content.as_string();
  }
  for (size_t i = 0; calls.is_array() && i < calls.size(); i++) {
    merge_tool_call(choice.tool_calls, calls.at(i));
  }
  delta.erase("content");
  delta.erase("tool_calls");
  merge(choice.message, delta);
  const json::Value finish = part.get("finish_reason");
  if (finish.is_null()) return;
  choice.finish_reason = finish;
  finished_ = true;
}

json::Value ChatReply::choice_value(int64_t index, const Choice& choice) const {
  json::Value message = json::Value::object();
  const json::Value role = choice.message.get("role");
  message.set("role", role.is_string() ? role : json::Value::string("assistant"));
  const bool silent = !choice.has_content && !choice.tool_calls.empty();
  message.set("content", silent ? json::Value() : json::Value::string(choice.content));
  merge(message, choice.message);
  if (!choice.tool_calls.empty()) {
    json::Value calls = json::Value::array();
    for (const auto& [at, call] : choice.tool_calls) calls.push_back(call);
    message.set("tool_calls", std::move(calls));
  }
  json::Value made = json::Value::object();
  made.set("index", json::Value::integer(index));
  made.set("message", std::move(message));
  made.set("finish_reason", choice.finish_reason);
  return made;
}

json::Value ChatReply::output() const {
  json::Value choices = json::Value::array();
  for (const auto& [index, choice] : choices_) choices.push_back(choice_value(index, choice));
  if (choices.size() == 0) choices.push_back(choice_value(0, Choice()));
  return output_of(head_, choices);
}

}  // namespace penstock::executor
