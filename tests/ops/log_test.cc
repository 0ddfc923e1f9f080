#include "gateway/log/log.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "gateway/log/format.h"

using namespace penstock::gateway;

/// What a logger wrote by the end of its life.
struct Pipe {
  Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
  ~Pipe() { ::close(ends[0]); }
  std::string read_all() {
    ::close(ends[1]);
    std::string all;
    std::array<char, 4096> room;
    for (ssize_t n = 0; (n = ::read(ends[0], room.data(), room.size())) > 0;)
      all.append(room.data(), static_cast<size_t>(n));
    return all;
  }
  std::array<int, 2> ends{};
};

static std::string logged(LogOptions options, LogLevel level, std::string_view message,
                          Logger::Fields fields) {
  Pipe pipe;
  options.fd = pipe.ends[1];
  { Logger(options).log(level, message, fields); }
  return pipe.read_all();
}

TEST_CASE("text fields are quoted only where they must be") {
  CHECK(text_line("up", {{"listen", "127.0.0.1:1"}, {"n", 3}, {"why", "no room"}, {"ok", true}}) ==
        R"(up listen=127.0.0.1:1 n=3 why="no room" ok=true)");
}

TEST_CASE("a line stays one line, whatever a sender wrote") {
  CHECK(text_line("a\nb", {{"k", "x\r\n2026 error forged"}}) ==
        R"(a\nb k="x\r\n2026 error forged")");
  CHECK(text_line("m", {{"k", std::string_view("\x1b[2J", 4)}}).find('\x1b') == std::string::npos);
}

TEST_CASE("JSON members are escaped and bytes that are no UTF-8 are replaced") {
  CHECK(json_members("say \"hi\"", {{"k", "\xff\xc3\xa9\xed\xa0\x80"}}) ==
        "\"message\":\"say "
        "\\\"hi\\\"\",\"k\":\"\xEF\xBF\xBD\xc3\xa9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("numbers stay numbers, and infinity is null") {
  CHECK(json_members(
            "m",
            {{"u", uint64_t{18446744073709551615u}}, {"i", -1}, {"d", 0.5}, {"inf", 1e308 * 10}}) ==
        R"("message":"m","u":18446744073709551615,"i":-1,"d":0.5,"inf":null)");
}

TEST_CASE("a JSON line has time, level and message") {
  LogOptions options;
  options.json = true;
  const std::string line = logged(options, LogLevel::kWarn, "careful", {{"id", "x"}});
  CHECK(line.starts_with("{\"time\":\"20"));
  CHECK(line.ends_with("Z\",\"level\":\"warn\",\"message\":\"careful\",\"id\":\"x\"}\n"));
}

TEST_CASE("a line below the level is not written") {
  LogOptions options;
  options.level = LogLevel::kWarn;
  CHECK(logged(options, LogLevel::kInfo, "quiet", {}).empty());
  CHECK(logged(options, LogLevel::kError, "loud", {}).find("error loud\n") != std::string::npos);
}

TEST_CASE("percent signs and braces of a message are no format") {
  LogOptions options;
  CHECK(logged(options, LogLevel::kInfo, "100% {} %n %v", {}).ends_with("info  100% {} %n %v\n"));
}

TEST_CASE("the words of the configuration choose level and form") {
  CHECK(log_options("debug", "json").level == LogLevel::kDebug);
  CHECK(log_options("debug", "json").json);
  CHECK_FALSE(log_options("error", "text").json);
}
