// Calls of models: what is asked, what is told to readers, and who is asked next. No network.
#include <doctest/doctest.h>

#include <algorithm>

#include "executor/json/parse.h"
#include "executor/link/secret_store.h"
#include "executor/link/told_texts.h"
#include "executor/tasks/call.h"
#include "executor/tasks/call_lanes.h"
#include "executor/tasks/piece_gate.h"
#include "executor/tasks/retelling.h"
#include "executor/tasks/retry_after.h"
#include "executor/tasks/sse_reader.h"

namespace penstock::executor {
namespace {

json::Value value(std::string_view text) {
  Result<json::Value> parsed = json::parse(text);
  REQUIRE_MESSAGE(parsed.ok(), text);
  return *parsed;
}

HttpReply reply(unsigned status, const std::string& body, HttpHeaders headers = {}) {
  HttpReply made;
  made.status = status;
  made.body = body;
  made.headers = std::move(headers);
  return made;
}

std::string chunk(const std::string& text) {
  return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n\n";
}

constexpr const char* kDone =
    "data: "
    "{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n"
    "data: [DONE]\n\n";

constexpr const char* kBusy = R"({"error":{"message":"slow down"}})";

struct Chat {
  explicit Chat(const std::string& more, std::string told = {}) : body{"chat", {}} {
    const std::string with =
        R"({"endpoint":{"uri":"http://h/v1"},"messages":[{"role":"user","content":"hi"}])" + more +
        "}";
    flow::Call call{1, &body, nullptr, value("{}"), value(with), value("{}")};
    procedure = make_call(call, {"key-1", &caches, 1000, false, std::move(told)});
  }
  HttpRequest request(CallStep step) {
    REQUIRE(std::holds_alternative<HttpRequest>(step));
    return std::get<HttpRequest>(step);
  }
  uint64_t pause(CallStep step) {
    REQUIRE(std::holds_alternative<Pause>(step));
    return std::get<Pause>(step).ms;
  }
  std::string end(CallStep step) {
    REQUIRE(std::holds_alternative<flow::TaskResult>(step));
    flow::TaskResult result = std::get<flow::TaskResult>(step);
    if (auto* error = std::get_if<flow::Error>(&result)) return error->value().dump();
    return std::get<json::Value>(result).dump();
  }
  // What readers are told, restarts as "!".
  std::string told() {
    std::string text;
    for (const CallPiece& piece : procedure->take_pieces()) {
      text += piece.type == "delta" ? piece.data : "!";
    }
    return text;
  }

  flow::CallBody body;
  CallCaches caches;
  std::unique_ptr<CallProcedure> procedure;
};

TEST_CASE("a chat sends everything but its own members on and gives the first choice") {
  Chat chat(R"(,"model":"m","temperature":0.10,"tools":[1],"max_retries":1)");
  const HttpRequest sent = chat.request(chat.procedure->begin());
  CHECK(sent.url == "http://h/v1/chat/completions");
  CHECK(sent.lane == "http://h");
  CHECK_FALSE(sent.stream);
  CHECK(
      sent.body ==
      R"({"messages":[{"role":"user","content":"hi"}],"model":"m","temperature":0.10,"tools":[1]})");
  const std::string completion =
      R"({"id":"c","model":"m-1","choices":[{"message":{"role":"assistant","content":"yo"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}})";
  CHECK(
      chat.end(chat.procedure->replied(reply(200, completion))) ==
      R"({"id":"c","model":"m-1","usage":{"prompt_tokens":1},"message":{"role":"assistant","content":"yo"},"finish_reason":"stop"})");
}

TEST_CASE("a streamed chat tells its text as it comes and puts out the whole message") {
  Chat chat(R"(,"model":"m","stream":true)");
  const HttpRequest sent = chat.request(chat.procedure->begin());
  CHECK(sent.stream);
  CHECK(value(sent.body).get("stream_options").get("include_usage").as_bool());
  const std::string first = chunk("Hel");
  CHECK_FALSE(chat.procedure->received(first.substr(0, 20)));
  CHECK(chat.told() == "");
  CHECK_FALSE(chat.procedure->received(first.substr(20)));
  CHECK(chat.told() == "Hel");
  CHECK_FALSE(chat.procedure->received(chunk("lo")));
  auto step = chat.procedure->received(kDone);
  REQUIRE(step);
  CHECK(chat.told() == "lo");
  const json::Value output = value(chat.end(*step));
  CHECK(output.get("message").get("content").as_string() == "Hello");
  CHECK(output.get("usage").get("completion_tokens").as_integer() == 2);
  CHECK(output.get("model").as_string() == "m-1");
}

TEST_CASE("tool calls that come in parts are put together") {
  Chat chat(R"(,"model":"m","stream":true)");
  chat.procedure->begin();
  const auto call = [&chat](const std::string& part) {
    return chat.procedure->received(
        R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,)" + part + "}]}}]}\n\n");
  };
  call(R"("id":"call_1","type":"function","function":{"name":"f","arguments":""})");
  call(R"("function":{"arguments":"{\"a\""})");
  call(R"("function":{"arguments":":1}"})");
  auto step = chat.procedure->received(kDone);
  REQUIRE(step);
  CHECK(chat.told() == "");
  CHECK(
      value(chat.end(*step)).get("message").dump() ==
      R"({"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]})");
}

TEST_CASE("a chat made again after a crash is silent until it says more") {
  Chat chat(R"(,"model":"m","stream":true)", "Hello");
  chat.procedure->begin();
  chat.procedure->received(chunk("Hel"));
  CHECK(chat.told() == "");
  chat.procedure->received(chunk("lo you"));
  CHECK(chat.told() == " you");
}

TEST_CASE("a chat made again that says something else voids what was said") {
  Chat chat(R"(,"model":"m","stream":true)", "Hello");
  chat.procedure->begin();
  chat.procedure->received(chunk("Hel"));
  chat.procedure->received(chunk("p"));
  CHECK(chat.told() == "!Help");
  chat.procedure->received(kDone);
  CHECK(chat.told() == "");

  Chat shorter(R"(,"model":"m","stream":true)", "Hello");
  shorter.procedure->begin();
  shorter.procedure->received(chunk("He"));
  shorter.procedure->received(kDone);
  CHECK(shorter.told() == "!He");
}

TEST_CASE("a stream that breaks is asked for again and told on") {
  Chat chat(R"(,"model":"m","stream":true)");
  chat.procedure->begin();
  chat.procedure->received(chunk("Hel"));
  CHECK(chat.told() == "Hel");
  HttpReply broken = reply(200, "");
  broken.fault = HttpFault::kConnect;
  CHECK(chat.pause(chat.procedure->replied(broken)) >= 500);
  chat.request(chat.procedure->resumed());
  chat.procedure->received(chunk("Hello"));
  CHECK(chat.told() == "lo");
}

TEST_CASE("a chat that fails for good voids what it said") {
  Chat chat(R"(,"model":"m","stream":true,"max_retries":0)");
  chat.procedure->begin();
  chat.procedure->received(chunk("Hel"));
  chat.told();
  auto step = chat.procedure->received("data: {\"error\":{\"message\":\"out of luck\"}}\n\n");
  REQUIRE(step);
  CHECK(chat.told() == "!");
  CHECK(chat.end(*step).find("out of luck") != std::string::npos);
}

TEST_CASE("a busy model is asked again as Retry-After says, then the next one is asked") {
  Chat chat(R"(,"model":"a","fallback":["b",{"model":"c","endpoint":"http://other/v1/"}])");
  HttpRequest sent = chat.request(chat.procedure->begin());
  const HttpReply busy = reply(429, kBusy, {{"retry-after", "1.5"}});
  CHECK(chat.pause(chat.procedure->replied(busy)) == 1500);
  CHECK(chat.request(chat.procedure->resumed()) == sent);
  CHECK(chat.pause(chat.procedure->replied(busy)) == 1500);
  chat.procedure->resumed();
  sent = chat.request(chat.procedure->replied(busy));
  CHECK(value(sent.body).get("model").as_string() == "b");
  sent = chat.request(chat.procedure->replied(reply(400, kBusy)));
  CHECK(value(sent.body).get("model").as_string() == "c");
  CHECK(sent.url == "http://other/v1/chat/completions");
  const std::string error = chat.end(chat.procedure->replied(reply(404, kBusy)));
  CHECK(value(error).get("status").as_integer() == 404);
  CHECK(error.find("model 'c' answered 404: slow down") != std::string::npos);
}

TEST_CASE("a Retry-After beyond all patience is not waited for") {
  Chat chat(R"(,"models":["a"])");
  chat.procedure->begin();
  CHECK(value(chat.end(chat.procedure->replied(reply(503, "", {{"retry-after", "3600"}}))))
            .get("status")
            .as_integer() == 503);
}

TEST_CASE("a chat without a model, an endpoint or messages says so") {
  Chat chat("");
  CHECK(chat.end(chat.procedure->begin()).find("name a `model`") != std::string::npos);
  Chat empty(R"(,"model":"m","messages":[])");
  CHECK(empty.end(empty.procedure->begin()).find("messages") != std::string::npos);
}

TEST_CASE("Retry-After is seconds, milliseconds or a date by the other side's clock") {
  const auto after = [](HttpHeaders headers) {
    return retry_after_ms(reply(429, "", std::move(headers)), 0);
  };
  CHECK(after({{"retry-after", "2"}}) == 2000);
  CHECK(after({{"retry-after-ms", "250"}, {"retry-after", "9"}}) == 250);
  CHECK(after({{"retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"},
               {"date", "Sun, 06 Nov 1994 08:49:30 GMT"}}) == 7000);
  CHECK(after({{"retry-after", "soon"}}) == std::nullopt);
  CHECK(after({{"retry-after", "-1"}}) == std::nullopt);
  CHECK(after({}) == std::nullopt);
}

TEST_CASE("an event stream is read in whatever portions it comes") {
  const std::string stream =
      "\xef\xbb\xbf: hello\r\nevent: a\r\ndata: one\r\ndata:two\r\nid: 7\r\n\r\n"
      "data\n\nevent: lost\n\ndata: x\r\rretry: 5\n";
  for (size_t portion = 1; portion <= stream.size(); portion++) {
    SseReader reader;
    std::vector<SseEvent> events;
    for (size_t at = 0; at < stream.size(); at += portion) {
      REQUIRE(reader.feed(std::string_view(stream).substr(at, portion), events).ok());
    }
    REQUIRE(events.size() == 3);
    CHECK(events[0].type == "a");
    CHECK(events[0].data == "one\ntwo");
    CHECK(events[0].id == "7");
    CHECK(events[1].data == "");
    CHECK(events[2].data == "x");
    CHECK(events[2].type == "");
  }
}

TEST_CASE("an endless event is refused") {
  SseReader reader;
  std::vector<SseEvent> events;
  const std::string part(64 * 1024, 'x');
  Status status;
  for (int i = 0; i < 17 && status; i++) status = reader.feed(part, events);
  CHECK_FALSE(status.ok());
}

TEST_CASE("a first piece goes out at once, later ones gather only when they come fast") {
  PieceGate gate;
  std::vector<CallPiece> out;
  gate.add({{"delta", "a"}}, 1000, out);
  CHECK(out.size() == 1);
  gate.add({{"delta", "b"}}, 1005, out);
  gate.add({{"delta", "c"}}, 1010, out);
  CHECK(out.size() == 1);
  CHECK(gate.due_ms() == 1020);
  gate.flush(1020, out);
  CHECK(out.back().data == "bc");
  gate.add({{"delta", "d"}}, 1050, out);
  CHECK(out.back().data == "d");
  gate.add({{"delta", std::string(2000, 'x')}}, 1051, out);
  CHECK(out.size() == 4);
  gate.add({{"delta", "y"}, {"restart", "{}"}, {"delta", "z"}}, 1052, out);
  CHECK(out[4].data == "y");
  CHECK(out[5].type == "restart");
  CHECK(gate.due_ms());
}

TEST_CASE("what may be the beginning of a secret waits for more of the text") {
  worker::SecretSet set;
  worker::SecretValue& secret = *set.add_values();
  secret.set_name("k");
  secret.set_value("sesame-7");
  SecretStore store;
  store.set(set);
  CHECK(store.begun("open ") == 0);
  CHECK(store.begun("open s") == 1);
  CHECK(store.begun("open sesame-") == 7);
  CHECK(store.begun("open sesame-7") == 0);
  PieceGate gate;
  gate.hold_back([&store](std::string_view text) { return store.begun(text); });
  std::vector<CallPiece> out;
  uint64_t now_ms = 1000;
  for (const char* delta : {"open ses", "ame", "-", "7 now, ses", "ter s"}) {
    gate.add({{"delta", delta}}, now_ms += 100, out);
    if (std::string_view(delta) == "ame") CHECK(!gate.due_ms());
  }
  gate.flush(now_ms, out);
  std::string told;
  for (CallPiece& piece : out) {
    store.redact(piece.data);
    told += piece.data;
  }
  CHECK(told == "open *** now, sester s");
}

TEST_CASE("a lane lets so many go at once, runs in turns") {
  CallLanes lanes({2, 0});
  for (CallLanes::Key key = 1; key <= 4; key++) lanes.want("h", key, 1);
  lanes.want("h", 5, 2);
  lanes.want("other", 6, 1);
  std::vector<CallLanes::Key> gone = lanes.admit(0);
  std::sort(gone.begin(), gone.end());
  CHECK(gone == std::vector<CallLanes::Key>{1, 5, 6});
  CHECK(lanes.admit(0).empty());
  lanes.leave(5);
  lanes.leave(3);  // no longer wants to
  CHECK(lanes.admit(0) == std::vector<CallLanes::Key>{2});
  lanes.leave(1);
  CHECK(lanes.admit(0) == std::vector<CallLanes::Key>{4});
  CHECK(lanes.waiting() == 0);
}

TEST_CASE("a lane begins so many a second") {
  CallLanes lanes({100, 2});
  for (CallLanes::Key key = 1; key <= 4; key++) lanes.want("h", key, 1);
  CHECK(lanes.admit(10'000).size() == 2);
  REQUIRE(lanes.next_ms());
  CHECK(*lanes.next_ms() >= 10'500);
  CHECK(lanes.admit(10'100).empty());
  CHECK(lanes.admit(*lanes.next_ms()).size() == 1);
  CHECK(lanes.admit(12'000).size() == 1);
  CHECK_FALSE(lanes.next_ms());
}

TEST_CASE("what an earlier attempt told is known by its call") {
  worker::Dispatch dispatch;
  const auto told = [&dispatch](const char* type, const char* data, uint32_t ordinal) {
    records::StreamPiece piece;
    piece.set_type(type);
    piece.set_data(data);
    piece.set_ordinal(ordinal);
    dispatch.add_pieces(piece.SerializeAsString());
  };
  told("delta", "a", 1);
  told("delta", "x", 2);
  told("restart", "{}", 1);
  told("delta", "b", 1);
  told("status", "{}", 1);
  ToldTexts texts(dispatch);
  CHECK(texts.take(1) == "b");
  CHECK(texts.take(1) == "");
  CHECK(texts.take(2) == "x");
}

}  // namespace
}  // namespace penstock::executor
