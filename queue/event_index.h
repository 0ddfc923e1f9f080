// Who wants an event: filters on literal attributes, by the event's type. It tells most apart; what
// is left, those who asked decide themselves. One thread.
//
// Limitations: filters without a type are looked at for every event.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/records.pb.h"

namespace penstock::queue {

/// The attributes that filters may name.
struct EventNames {
  std::string_view type, source, subject;
};

/// Does the event pass what the filter says literally?
inline bool may_fit(const records::EventFilter& filter, const EventNames& event) {
  return (filter.type().empty() || filter.type() == event.type) &&
         (filter.source().empty() || filter.source() == event.source) &&
         (filter.subject().empty() || filter.subject() == event.subject);
}

template <class Key>
class EventIndex {
 public:
  void add(const Key& key, const records::EventFilters& filters) {
    if (filters.any().empty()) every_.insert({key, {}});
    for (const records::EventFilter& filter : filters.any())
      (filter.type().empty() ? every_ : by_type_[filter.type()])
          .insert({key, {filter.source(), filter.subject()}});
  }

  /// Takes out what add() put in with the same arguments.
  void remove(const Key& key, const records::EventFilters& filters) {
    if (filters.any().empty()) every_.erase(key);
    for (const records::EventFilter& filter : filters.any()) {
      const auto found = filter.type().empty() ? by_type_.end() : by_type_.find(filter.type());
      if (filter.type().empty()) every_.erase(key);
      if (found == by_type_.end()) continue;
      found->second.erase(key);
      if (found->second.empty()) by_type_.erase(found);
    }
  }

  /// Those who may want it, each once, in order of their keys.
  std::vector<Key> find(const EventNames& event) const {
    std::vector<Key> found;
    collect(every_, event, found);
    if (const auto typed = by_type_.find(std::string(event.type)); typed != by_type_.end()) {
      collect(typed->second, event, found);
      std::sort(found.begin(), found.end());
      found.erase(std::unique(found.begin(), found.end()), found.end());
    }
    return found;
  }

  bool empty() const { return every_.empty() && by_type_.empty(); }

 private:
  struct Rest { std::string source, subject; };
  using Wants = std::multimap<Key, Rest>;

  static void collect(const Wants& wants, const EventNames& event, std::vector<Key>& found) {
    for (const auto& [key, rest] : wants) {
      if (!rest.source.empty() && rest.source != event.source) continue;
      if (!rest.subject.empty() && rest.subject != event.subject) continue;
      if (found.empty() || !(found.back() == key)) found.push_back(key);
    }
  }

  Wants every_;
  std::unordered_map<std::string, Wants> by_type_;
};

}  // namespace penstock::queue
