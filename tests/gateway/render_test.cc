#include "gateway/app/render.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace penstock::gateway {
namespace {

using nlohmann::json;

Id some_id() { return *Id::from_text("01890a5d-ac96-774b-bcce-b302099a8057"); }

records::ResultRecord ended(records::RunStatus status) {
  records::ResultRecord result;
  result.mutable_outcome()->set_status(status);
  return result;
}

TEST_CASE("an ack names the run, its links and the durability it has") {
  const Response answer = render_accepted(some_id(), "queued", Durability::kDisk);
  const json body = json::parse(answer.body);
  CHECK(answer.status == 202);
  CHECK(body["id"] == some_id().text());
  CHECK(body["links"]["result"] == "/v1/runs/" + some_id().text() + "/result");
  CHECK(answer.headers.find("Penstock-Durability: disk\r\n") != std::string::npos);
  CHECK(answer.headers.find("Location: /v1/runs/" + some_id().text()) != std::string::npos);
}

TEST_CASE("a wait that ran out says which, and when to ask again") {
  const Response answer = render_accepted(some_id(), "running", Durability::kDisk, 1, 5);
  CHECK(answer.headers.find("Retry-After: 1\r\n") != std::string::npos);
  CHECK(answer.headers.find("Preference-Applied: wait=5\r\n") != std::string::npos);
}

TEST_CASE("a reply carries the workflow's status, type, headers and bytes") {
  auto result = ended(records::SUCCEEDED);
  result.mutable_outcome()->set_http_status(201);
  result.mutable_outcome()->set_content_type("text/plain");
  result.mutable_outcome()->set_body("1.10");
  auto& header = *result.mutable_outcome()->add_headers();
  header.set_name("X-Mine");
  header.set_value("yes");
  const Response answer = render_outcome(some_id(), result);
  CHECK(answer.status == 201);
  CHECK(answer.type() == "text/plain");
  CHECK(answer.body == "1.10");
  CHECK(answer.headers.find("X-Mine: yes\r\n") != std::string::npos);
}

TEST_CASE("a workflow cannot break the framing of its reply") {
  auto result = ended(records::SUCCEEDED);
  result.mutable_outcome()->set_content_type("text/html\r\nX-Evil: 1");
  for (const auto& [name, value] : {std::pair("Content-Length", "5"), std::pair("X-A", "b\r\nX-C: d"),
                                    std::pair("Bad Name", "x"), std::pair("Transfer-Encoding", "x")}) {
    auto& header = *result.mutable_outcome()->add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  const Response answer = render_outcome(some_id(), result);
  CHECK(answer.type() == "application/json");
  CHECK(answer.headers == "Penstock-Run: " + some_id().text() + "\r\n");
}

TEST_CASE("a failed run is a problem with the workflow's own error inside, never a 200") {
  auto result = ended(records::FAILED);
  auto& error = *result.mutable_outcome()->mutable_error();
  error.set_status(404);
  error.set_title("no \"pet\"");
  const Response answer = render_outcome(some_id(), result);
  const json body = json::parse(answer.body);
  CHECK(answer.status == 404);
  CHECK(answer.type() == "application/problem+json");
  CHECK(body["code"] == "workflow_failed");
  CHECK(body["error"]["title"] == "no \"pet\"");
  error.set_status(200);
  CHECK(render_outcome(some_id(), result).status == 502);
}

TEST_CASE("cancelled and dead runs are told apart") {
  CHECK(render_outcome(some_id(), ended(records::CANCELLED)).status == 409);
  const json dead = json::parse(render_outcome(some_id(), ended(records::DEAD)).body);
  CHECK(dead["code"] == "run_dead");
}

TEST_CASE("a run's state is JSON with every field of the contract") {
  records::EventMeta meta;
  meta.set_trigger("t");
  meta.set_workflow("w");
  meta.set_workflow_version(3);
  queue::LiveView live;
  live.status = records::QUEUED;
  live.queue_position = 41;
  RunFacts facts;
  facts.id = some_id();
  facts.meta = &meta;
  facts.live = &live;
  facts.drain_rate = 10;
  const json body = json::parse(run_json(facts));
  for (const auto field : {"id", "trigger", "workflow", "version", "status", "created_at",
                           "started_at", "finished_at", "expires_at", "attempts", "queue_position",
                           "links"})
    CHECK(body.contains(field));
  CHECK(body["queue_position"] == 41);
  CHECK(body["estimated_wait_ms"] == 4100);
  CHECK(body["created_at"].get<std::string>().starts_with("2023-06-30T03:34:18"));
}

TEST_CASE("every status has a word and every word its status") {
  for (int i = records::CAPTURED; i <= records::DEAD; i++) {
    const auto status = static_cast<records::RunStatus>(i);
    CHECK(status_from_word(status_word(status)) == status);
  }
  CHECK(status_from_word("lost") == records::UNKNOWN);
}

}  // namespace
}  // namespace penstock::gateway
