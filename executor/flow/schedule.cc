#include "executor/flow/schedule.h"

namespace penstock::flow {
namespace {

// Before a run there is nothing to see but the event.
class BareScope final : public Scope {
 public:
  BareScope(jq::Runner& runner, uint64_t now_ms) : runner_(runner), now_ms_(now_ms) {}
  json::Value global(Global) const override { return json::Value(); }
  json::Value local(uint32_t) const override { return json::Value(); }
  uint64_t now_ms() const override { return now_ms_; }
  jq::Runner& runner() const override { return runner_; }

 private:
  jq::Runner& runner_;
  uint64_t now_ms_;
};

records::EventFilter filter_of(const EventFilter& filter) {
  records::EventFilter made;
  made.set_more(!filter.correlate.empty());
  for (const auto& [name, part] : filter.with) {
    const json::Value* literal = part.literal();
    const bool text = literal && literal->is_string();
    if (text && name == "type")
      made.set_type(std::string(literal->as_string()));
    else if (text && name == "source")
      made.set_source(std::string(literal->as_string()));
    else if (text && name == "subject")
      made.set_subject(std::string(literal->as_string()));
    else
      made.set_more(true);
  }
  return made;
}

bool fits(const EventFilter& filter, const json::Value& event, const Scope& scope,
          std::string& correlation) {
  for (const auto& [name, part] : filter.with) {
    const std::optional<json::Value> attribute = event.find(name);
    if (!attribute) return false;
    const Result<json::Value> made = part.evaluate(*attribute, scope);
    if (!made) return false;
    const bool condition = made->is_bool() && !part.literal();
    if (!(condition ? made->as_bool() : *made == *attribute)) return false;
  }
  for (const EventFilter::Correlation& one : filter.correlate) {
    const Result<json::Value> value = one.from.evaluate(event, scope);
    if (!value || value->is_null()) return false;
    if (one.expect) {
      const Result<json::Value> expected = one.expect->evaluate(json::Value(), scope);
      if (!expected || !(*expected == *value)) return false;
    } else {
      correlation += one.name + "=" + value->dump() + "\n";
    }
  }
  return true;
}

uint64_t literal_ms(const std::optional<Duration>& duration) {
  if (!duration) return 0;
  jq::Runner runner;
  const Result<uint64_t> ms = duration->evaluate(json::Value(), BareScope(runner, 0));
  return ms ? *ms : 0;
}

}  // namespace

records::EventFilters filters_of(const ListenBody& listen) {
  records::EventFilters made;
  if (listen.strategy == ListenBody::Strategy::kAny && listen.filters.empty()) return made;
  for (const EventFilter& filter : listen.filters) *made.add_any() = filter_of(filter);
  for (const EventFilter& filter : listen.until_events) *made.add_any() = filter_of(filter);
  return made;
}

records::Schedule schedule_of(const Program& program) {
  static constexpr const char* kStrategies[] = {"one", "any", "all"};
  static constexpr const char* kReads[] = {"data", "envelope", "raw"};
  records::Schedule made;
  const json::Value schedule = program.definition.get("schedule");
  made.set_cron(std::string(schedule.get("cron").as_string()));
  made.set_every_ms(literal_ms(program.every));
  made.set_after_ms(literal_ms(program.after));
  if (!program.starts) return made;
  made.set_strategy(kStrategies[static_cast<size_t>(program.starts->strategy)]);
  made.set_read(kReads[static_cast<size_t>(program.starts->read)]);
  for (const EventFilter& filter : program.starts->filters) {
    *made.add_on() = filter_of(filter);
    if (!filter.correlate.empty()) made.set_correlates(true);
  }
  return made;
}

StartMatch match_start(const Program& program, const json::Value& event, jq::Runner& runner,
                       uint64_t now_ms) {
  StartMatch match;
  if (!program.starts) return match;
  const BareScope scope(runner, now_ms);
  for (uint32_t i = 0; i < program.starts->filters.size(); i++) {
    std::string correlation;
    if (!fits(program.starts->filters[i], event, scope, correlation)) continue;
    if (match.filters.empty()) match.correlation = std::move(correlation);
    match.filters.push_back(i);
  }
  return match;
}

}  // namespace penstock::flow
