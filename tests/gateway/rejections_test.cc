// What is kept of refused requests.
#include "gateway/app/rejections.h"

#include <doctest/doctest.h>

#include "proto/limits.h"

using namespace penstock;
using namespace penstock::gateway;

namespace {

RequestHead head_of(const std::vector<HeaderView>& headers) {
  RequestHead head;
  head.method_text = "POST";
  head.path = "/hooks/TOKEN/below";
  head.remote = "192.0.2.7";
  head.headers = headers;
  return head;
}

}  // namespace

TEST_CASE("a refusal is kept in brief: names of headers, size and hash of the body, no values") {
  const SystemClock clock;
  Rejections rejections(clock);
  rejections.explain("the clock is off by 400 s");
  rejections.note("orders", head_of({{"X-Api-Key", "psk_verysecret"}, {"Content-Type", "x"}}),
                  problem(Code::kBadSignature, "No signature matches."), "{\"a\":1}");
  const auto kept = rejections.of("orders");
  REQUIRE(kept.size() == 1);
  CHECK(kept[0]->code == Code::kBadSignature);
  CHECK(kept[0]->detail == "No signature matches.");
  CHECK(kept[0]->hint == "the clock is off by 400 s");
  CHECK(kept[0]->path == "/below");
  CHECK(kept[0]->header_names == "x-api-key content-type");
  CHECK(kept[0]->body_bytes == 7);
  CHECK(kept[0]->body_hash == "015abd7f5cc57a2d");
  CHECK(kept[0]->remote == "192.0.2.7");
}

TEST_CASE("answers that refuse nothing are not noted, and a hint is used once") {
  const SystemClock clock;
  Rejections rejections(clock);
  rejections.explain("stale");
  rejections.note("orders", head_of({}), Response{});
  CHECK(rejections.of("orders").empty());
  rejections.note("orders", head_of({}), problem(Code::kUnauthorized, "x"));
  CHECK(rejections.of("orders")[0]->hint.empty());
}

TEST_CASE("of one trigger the last hundred stay, of all the last ten thousand; counts stay whole") {
  const SystemClock clock;
  Rejections rejections(clock);
  for (size_t i = 0; i < limits::rejections_kept_max + 5; i++)
    rejections.note("a", Code::kInvalidJson, std::to_string(i));
  CHECK(rejections.of("a").size() == limits::rejections_kept_max);
  CHECK(rejections.of("a").front()->detail == "104");
  CHECK(rejections.of("a").back()->detail == "5");
  CHECK(rejections.counts("a")[static_cast<size_t>(Code::kInvalidJson)] == 105);
  for (size_t i = 0; i < limits::rejections_max; i++)
    rejections.note("t" + std::to_string(i % 200), Code::kInvalidJson, "");
  CHECK(rejections.of("a").empty());
  CHECK(rejections.of("t7").size() == 50);
  rejections.forget("t7");
  CHECK(rejections.of("t7").empty());
  CHECK(rejections.counts()[static_cast<size_t>(Code::kInvalidJson)] == 10'105);
}
