#include <doctest/doctest.h>

#include <string>

#include "executor/lint/forms.h"

namespace penstock::lint {
namespace {

TEST_CASE("semantic versions") {
  for (const char* good : {"1.0.0", "0.0.0", "1.2.3-rc.1", "1.2.3+build.7", "1.2.3-0a+001"}) {
    CAPTURE(good);
    CHECK(is_semantic_version(good));
  }
  for (const char* bad : {"", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0.0", "v1.0.0",
                          "1.0.0 ", "1..0"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_semantic_version(bad));
  }
}

TEST_CASE("labels") {
  CHECK(is_label("a"));
  CHECK(is_label("My-Flow-2"));
  CHECK(is_label(std::string(63, 'a')));
  CHECK_FALSE(is_label(std::string(64, 'a')));
  CHECK_FALSE(is_label("-a"));
  CHECK_FALSE(is_label("a-"));
  CHECK_FALSE(is_label("a.b"));
  CHECK_FALSE(is_label(""));
}

TEST_CASE("one expression on one line") {
  CHECK(is_runtime_expression("${ .a }"));
  CHECK(is_runtime_expression("\u00a0${.a}\n"));
  CHECK_FALSE(is_runtime_expression("${}"));
  CHECK_FALSE(is_runtime_expression("${ .a\n }"));
  CHECK_FALSE(is_runtime_expression("${ .a\u2028 }"));
  CHECK_FALSE(is_runtime_expression("a ${ .a }"));
}

TEST_CASE("URIs and their templates") {
  for (const char* good : {"https://x.y/{id}", "/a/b?c=d#e", "a", "{+a,b*}", "{a:3}", "%2f",
                           "http://[::1]:80/it's", "https://x.y/it's", "file://a.proto", "ünï"}) {
    CAPTURE(good);
    CHECK(is_uri_template(good));
  }
  for (const char* bad :
       {"", " a", "a b", "${ .a }", "{", "{}", "{a", "{a:0}", "%zz", "a'{b}", "<a>"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_uri_template(bad));
  }
}

TEST_CASE("times with their zone") {
  for (const char* good :
       {"2026-01-31T12:00:00Z", "2024-02-29t00:00:00.5z", "2026-01-31 12:00:00+01:00",
        "2016-12-31T23:59:60Z", "2016-12-31T15:59:60-08:00"}) {
    CAPTURE(good);
    CHECK(is_date_time(good));
  }
  for (const char* bad :
       {"2026-02-29T12:00:00Z", "2026-01-31T12:00:00", "2026-01-31", "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:60Z", "2026-13-01T12:00:00Z", "2026-01-31T12:00:00+24:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_date_time(bad));
  }
}

TEST_CASE("JSON pointers") {
  CHECK(is_json_pointer(""));
  CHECK(is_json_pointer("/a/0/b~1c~0"));
  CHECK_FALSE(is_json_pointer("a"));
  CHECK_FALSE(is_json_pointer("/~"));
  CHECK_FALSE(is_json_pointer("/~2"));
}

}  // namespace
}  // namespace penstock::lint
