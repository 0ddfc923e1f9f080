#include "executor/flow/time.h"

#include <cstdio>
#include <ctime>

namespace penstock::flow {

std::string rfc3339(uint64_t wall_ms) {
  const auto seconds = static_cast<time_t>(wall_ms / 1000);
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const size_t size = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + size, sizeof(text) - size, ".%03uZ", static_cast<unsigned>(wall_ms % 1000));
  return text;
}

json::Value moment(uint64_t wall_ms) {
  json::Value epoch = json::Value::object();
  epoch.set("seconds", json::Value::integer(static_cast<int64_t>(wall_ms / 1000)));
  epoch.set("milliseconds", json::Value::integer(static_cast<int64_t>(wall_ms)));
  json::Value object = json::Value::object();
  object.set("iso8601", json::Value::string(rfc3339(wall_ms)));
  object.set("epoch", std::move(epoch));
  return object;
}

}  // namespace penstock::flow
