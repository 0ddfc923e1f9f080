#include "executor/jq/regex_cache.h"

namespace penstock::jq {

Result<const Regex*> RegexCache::find(std::string_view pattern, std::string_view flags) {
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->pattern != pattern || entry->flags != flags) continue;
    entries_.splice(entries_.begin(), entries_, entry);
    return &entries_.front().regex;
  }
  auto made = Regex::compile(pattern, flags);
  if (!made) return made.status();
  entries_.push_front({std::string(pattern), std::string(flags), std::move(*made)});
  if (entries_.size() > entries_max) entries_.pop_back();
  return &entries_.front().regex;
}

}  // namespace penstock::jq
