#include "gateway/cli/input.h"

#include <cstdio>
#include <ctime>
#include <memory>

#include "gateway/config/units.h"

namespace penstock::gateway {

static constexpr uint64_t wait_ms_max = 3'600'000;

Result<std::string> read_input(const std::string& path, size_t bytes_max) {
  const bool standard = path == "-";
  std::FILE* file = standard ? stdin : std::fopen(path.c_str(), "rb");
  if (!file) return Status::not_found("cannot read " + path);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> owner(standard ? nullptr : file,
                                                              std::fclose);
  std::string text(bytes_max + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  if (std::ferror(file)) return Status::io("cannot read " + path);
  if (text.size() > bytes_max) return Status::invalid(path + " is over " + show_bytes(bytes_max));
  return text;
}

Result<uint64_t> read_wait(const std::string& text) {
  const Result<uint64_t> ms = parse_duration_ms(text, 1000);
  if (ms.ok() && *ms > wait_ms_max) return Status::invalid("--wait is at most 1h");
  return ms;
}

std::string since_time(const std::string& text, uint64_t now_ms) {
  const Result<uint64_t> ago = parse_duration_ms(text);
  if (!ago) return text;
  const uint64_t at_ms = *ago < now_ms ? now_ms - *ago : 0;
  const auto seconds = static_cast<std::time_t>(at_ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char out[40];
  const size_t size = std::strftime(out, sizeof(out), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(out + size, sizeof(out) - size, ".%03uZ", static_cast<unsigned>(at_ms % 1000));
  return out;
}

}  // namespace penstock::gateway
