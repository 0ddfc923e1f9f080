#include "gateway/log/log.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>

#include "gateway/log/format.h"

namespace penstock::gateway {

namespace {

constexpr size_t waiting_lines_max = 8192;  // about 2 MB; then the oldest go

/// Writes whole lines to a descriptor; a line that cannot be written is lost, the gateway goes on.
class FdSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FdSink(int fd) : fd_(fd) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    for (size_t done = 0; done < line.size();) {
      const ssize_t wrote = ::write(fd_, line.data() + done, line.size() - done);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote <= 0) return;
      done += static_cast<size_t>(wrote);
    }
  }
  void flush_() override {}

  const int fd_;
};

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

/// The word of a level as it stands in the line; spdlog's own say "warning".
const char* word(LogLevel level, bool padded) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return padded ? "info " : "info";
    case LogLevel::kWarn:
      return padded ? "warn " : "warn";
    case LogLevel::kError:
      break;
  }
  return "error";
}

const char* colour_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "\033[2m";
    case LogLevel::kInfo:
      return "\033[32m";
    case LogLevel::kWarn:
      return "\033[33m";
    case LogLevel::kError:
      break;
  }
  return "\033[31m";
}

}  // namespace

struct Logger::Sink {
  Sink(const LogOptions& o)
      : options(o),
        pool(std::make_shared<spdlog::details::thread_pool>(waiting_lines_max, 1)),
        logger(
            std::make_shared<spdlog::async_logger>("penstock", std::make_shared<FdSink>(o.fd), pool,
                                                   spdlog::async_overflow_policy::overrun_oldest)) {
    const char* pattern =
        o.json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %v";
    logger->set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    logger->set_level(level_of(o.level));
  }

  LogOptions options;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

LogOptions log_options(std::string_view level, std::string_view format) {
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  LogOptions options;
  options.level = level == "debug"   ? LogLevel::kDebug
                  : level == "warn"  ? LogLevel::kWarn
                  : level == "error" ? LogLevel::kError
                                     : LogLevel::kInfo;
  options.json = format == "json" || (format != "text" && !terminal);
  options.colour = terminal && std::getenv("NO_COLOR") == nullptr;
  return options;
}

Logger::Logger(LogOptions options) : sink_(std::make_unique<Sink>(options)) {}
Logger::~Logger() = default;

bool Logger::enabled(LogLevel level) const {
  return level >= sink_->options.level;
}

void Logger::log(LogLevel level, std::string_view message, Fields fields) {
  if (!enabled(level)) return;
  std::string line;
  if (sink_->options.json) {
    line = std::string("\"level\":\"") + word(level, false) + "\"," + json_members(message, fields);
  } else if (sink_->options.colour) {
    line =
        std::string(colour_of(level)) + word(level, true) + "\033[0m " + text_line(message, fields);
  } else {
    line = std::string(word(level, true)) + " " + text_line(message, fields);
  }
  sink_->logger->log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace penstock::gateway
