// Structured log lines on stderr: a level, a sentence, and key-value fields. Text with colour on a
// terminal, one JSON object a line elsewhere.
//
// Lifecycle: main builds one Logger and hands out references; the destructor writes what is left.
// Any thread; a call never blocks on the reader of stderr: when 8192 lines wait, the oldest go.
// Limitations: it cannot know a secret from a word, so callers never pass one.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace penstock::gateway {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarn, kError };

struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  bool json = false;
  bool colour = false;
  int fd = 2;  ///< stays the caller's
};

/// From the configuration's words; what "auto" means depends on whether stderr is a terminal.
LogOptions log_options(std::string_view level, std::string_view format);

struct LogField {
  using Value = std::variant<std::string_view, int64_t, uint64_t, double, bool>;
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, bool v) : key(k), value(v) {}
  LogField(std::string_view k, int v) : key(k), value(int64_t{v}) {}
  LogField(std::string_view k, unsigned v) : key(k), value(uint64_t{v}) {}
  LogField(std::string_view k, int64_t v) : key(k), value(v) {}
  LogField(std::string_view k, uint64_t v) : key(k), value(v) {}
  LogField(std::string_view k, double v) : key(k), value(v) {}

  std::string_view key;  ///< a word of a-z and _
  Value value;
};

class Logger {
 public:
  using Fields = std::initializer_list<LogField>;

  explicit Logger(LogOptions options);
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  /// Whether a line of that level would be written: asks before costly fields are made.
  bool enabled(LogLevel level) const;
  void log(LogLevel level, std::string_view message, Fields fields = {});
  void debug(std::string_view message, Fields fields = {}) {
    log(LogLevel::kDebug, message, fields);
  }
  void info(std::string_view message, Fields fields = {}) { log(LogLevel::kInfo, message, fields); }
  void warn(std::string_view message, Fields fields = {}) { log(LogLevel::kWarn, message, fields); }
  void error(std::string_view message, Fields fields = {}) {
    log(LogLevel::kError, message, fields);
  }

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace penstock::gateway
