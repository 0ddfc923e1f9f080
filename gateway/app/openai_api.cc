#include "gateway/app/openai_api.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/app/openai_stream.h"
#include "gateway/app/prefer.h"

namespace penstock::gateway {

using Kind = OpenAiRoute::Kind;

static Response not_found(std::string_view what) {
  return openai_error(404, what, "not_found", false);
}

std::optional<Response> OpenAiApi::refuse_method(const OpenAiRoute& route,
                                                 const RequestHead& head) {
  const bool post = route.starts() || route.kind == Kind::kCancel;
  const bool fits = post ? head.method == Method::kPost
                         : head.method == Method::kGet || head.method == Method::kHead;
  if (fits) return std::nullopt;
  const std::string_view allowed = post ? "POST" : "GET, HEAD";
  Response answer = openai_error(405, "This address takes " + std::string(allowed) + ".",
                                 "method_not_allowed", false);
  answer.headers.append("Allow: ").append(allowed).append("\r\n");
  return answer;
}

void OpenAiApi::respond(ExchangeId exchange, std::string body) {
  Response answer;
  answer.headers = "Cache-Control: no-store\r\n";
  answer.body = std::move(body) + "\n";
  context_.server.respond(exchange, std::move(answer));
}

void OpenAiApi::models(ExchangeId exchange, const OpenAiRoute& route,
                       const records::TriggerDefinition& trigger) {
  const std::string model =
      "{\"id\":" + json_quoted(trigger.workflow()) +
      ",\"object\":\"model\",\"created\":" + std::to_string(trigger.created_at_ms() / 1000) +
      ",\"owned_by\":\"penstock\"}";
  if (route.name.empty()) return respond(exchange, R"({"object":"list","data":[)" + model + "]}");
  if (route.name == trigger.workflow()) return respond(exchange, model);
  context_.server.respond(exchange, not_found("The one model here is " + trigger.workflow() + "."));
}

void OpenAiApi::on_request(ExchangeId exchange, const RequestHead& head, const OpenAiRoute& route,
                           const records::TriggerDefinition& trigger) {
  if (route.kind == Kind::kModels) return models(exchange, route, trigger);
  const auto id = id_of_response(route.name);
  if (!id) return context_.server.respond(exchange, not_found("No response has this id."));
  Ask ask{exchange, *id, trigger.name(), route.kind == Kind::kCancel};
  ask.stream = query_value(head.query, "stream").value_or("") == "true";
  if (const auto after = query_value(head.query, "starting_after"))
    std::from_chars(after->data(), after->data() + after->size(), ask.after);
  const auto cookie =
      context_.pending.read([this, ask](queue::ReadDone& done) { answer(ask, done); });
  context_.queue.read_run(*id, false, cookie);
}

/// The model that the request asked for.
static std::string model_of(const Body& body) {
  const auto request = nlohmann::ordered_json::parse(body.view(), nullptr, false);
  const bool named =
      request.is_object() && request.contains("model") && request["model"].is_string();
  return named ? request["model"].get<std::string>() : std::string();
}

void OpenAiApi::answer(const Ask& ask, queue::ReadDone& done) {
  if (!done.status.ok())
    return context_.server.respond(
        ask.exchange, openai_error(500, "The response cannot be read.", "internal", true));
  auto& read = std::get<queue::RunRead>(done.value);
  records::EventMeta meta;
  const bool ours = read.event && meta.ParseFromString(read.event->meta) &&
                    meta.trigger() == ask.trigger && !meta.captured();
  if (!read.result && !read.expired && ours) read.result = context_.queue.cached_result(ask.id);
  if (!ours || (read.expired && !read.result))
    return context_.server.respond(ask.exchange,
                                   not_found("No response has this id, or it has expired."));
  const std::string model = model_of(read.event->body);
  if (ask.cancel && !read.result) return cancel(ask, model);
  show(ask, model, read);
}

void OpenAiApi::show(const Ask& ask, const std::string& model, const queue::RunRead& read) {
  if (ask.stream) {
    if (context_.streams.full())
      return context_.server.respond(ask.exchange,
                                     openai_error(503, "Too many readers.", "queue_full", true));
    return context_.streams.add({ask.exchange,
                                 ask.id,
                                 std::make_unique<ResponsesForm>(ask.id, model, ask.after),
                                 0,
                                 false,
                                 read.result,
                                 {}},
                                records::QUEUED);
  }
  const auto live = context_.queue.live(ask.id);
  const uint32_t reply = read.result ? read.result->reply_piece() : live ? live->reply_piece : 0;
  if (reply) {
    const auto cookie = context_.pending.read([this, ask, model](queue::ReadDone& done) {
      records::Outcome early;
      const auto* page = std::get_if<queue::StreamPage>(&done.value);
      if (page && !page->pieces.empty()) early.ParseFromString(page->pieces[0]->data());
      respond(ask.exchange, response_json(ask.id, model, early.status(), &early));
    });
    return context_.queue.read_stream(ask.id, reply - 1, 1, cookie);
  }
  const auto status = read.result ? read.result->outcome().status()
                      : live      ? live->status
                                  : read.status;
  respond(ask.exchange,
          response_json(ask.id, model, status, read.result ? &read.result->outcome() : nullptr));
}

void OpenAiApi::cancel(const Ask& ask, const std::string& model) {
  const auto cookie = context_.pending.cancel([this, ask, model](bool) {
    const queue::ResultPtr result = context_.queue.cached_result(ask.id);
    const auto status = result ? result->outcome().status() : records::CANCELLED;
    respond(ask.exchange,
            response_json(ask.id, model, status, result ? &result->outcome() : nullptr));
  });
  context_.queue.cancel(ask.id, cookie);
}

void OpenAiApi::accepted(const AckPlan& ack, Id id) {
  const OpenAiCall& call = *ack.openai;
  const bool room = !context_.health.draining &&
                    (call.stream ? !context_.streams.full() : !context_.waiters.full());
  if (ack.captured)
    return context_.server.respond(
        ack.exchange, openai_error(503, "The trigger is not active; this was kept as a sample.",
                                   "trigger_inactive", false));
  if (!room || (call.background && !call.stream))
    return context_.server.respond(ack.exchange, openai_late(call, id, records::QUEUED));
  if (!call.stream) {
    Waiter waiter{ack.exchange, Waiter::Kind::kReply, id,
                  context_.clock.monotonic_ms() + ack.wait_ms};
    waiter.hang_up = ack.hang_up;
    waiter.openai = ack.openai;
    return context_.waiters.add(std::move(waiter));
  }
  std::unique_ptr<StreamForm> form;
  if (call.chat)
    form = std::make_unique<ChatForm>(id, call);
  else
    form = std::make_unique<ResponsesForm>(id, call.model, -1);
  context_.streams.add({ack.exchange, id, std::move(form), 0, true, nullptr, ack.hang_up},
                       records::QUEUED);
}

}  // namespace penstock::gateway
