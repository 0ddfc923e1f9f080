#include "gateway/workers/screen_jobs.h"

#include <doctest/doctest.h>

#include "proto/limits.h"

namespace penstock::gateway {
namespace {

worker::Screen screen(const char* body) {
  worker::Screen wanted;
  wanted.set_body(body);
  return wanted;
}

TEST_CASE("an answer goes to whoever asked, once, and only from who was asked") {
  ScreenJobs jobs;
  int told = 0;
  jobs.add(
      screen("1"), [&told](const Result<worker::Screened>&) { told++; }, 0);
  const uint64_t cookie = jobs.next();
  CHECK(jobs.wanted(cookie).cookie() == cookie);
  jobs.sent(cookie, 3);
  CHECK(jobs.next() == 0);
  CHECK(jobs.in_flight(3) == 1);
  CHECK_FALSE(jobs.answered(cookie, 4));
  auto then = jobs.answered(cookie, 3);
  REQUIRE(then);
  (*then)(worker::Screened());
  CHECK(told == 1);
  CHECK_FALSE(jobs.answered(cookie, 3));
  CHECK(jobs.in_flight(3) == 0);
}

TEST_CASE("a lost worker's events go to another, but not for ever") {
  ScreenJobs jobs;
  jobs.add(
      screen("1"), [](const Result<worker::Screened>&) {}, 0);
  for (uint32_t i = 1; i <= limits::screen_tries_max; i++) {
    jobs.sent(jobs.next(), i);
    CHECK(jobs.worker_gone(i).size() == (i == limits::screen_tries_max ? 1 : 0));
  }
  CHECK(jobs.size() == 0);
}

TEST_CASE("what takes too long is given up") {
  ScreenJobs jobs;
  jobs.add(
      screen("1"), [](const Result<worker::Screened>&) {}, 100);
  jobs.add(
      screen("2"), [](const Result<worker::Screened>&) {}, 200);
  CHECK(jobs.expire(100 + limits::screen_ms_max).size() == 1);
  CHECK(jobs.size() == 1);
  CHECK(jobs.wanted(jobs.next()).body() == "2");
}

TEST_CASE("the events that wait are bounded in bytes") {
  ScreenJobs jobs;
  const std::string body(limits::screen_bytes_max / 4, 'x');
  for (int i = 0; i < 4; i++) {
    CHECK_FALSE(jobs.full());
    jobs.add(
        screen(body.c_str()), [](const Result<worker::Screened>&) {}, 0);
  }
  CHECK(jobs.full());
}

}  // namespace
}  // namespace penstock::gateway
