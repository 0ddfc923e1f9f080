#include "executor/json/document.h"

#include "executor/json/meter.h"

namespace penstock::json {

Document::~Document() {
  detail::meter(-static_cast<int64_t>(metered_));
}

void Document::meter_now() {
  const size_t now =
      sizeof(*this) + text_bytes + items.capacity() * sizeof(Item) + unescaped.capacity();
  detail::meter(static_cast<int64_t>(now) - static_cast<int64_t>(metered_));
  metered_ = now;
}

std::string_view Document::slice(const Item& item) const {
  const char* base = item.type == Item::kEscaped ? unescaped.data() : text.get();
  return {base + item.begin, item.length};
}

Value Document::value(uint32_t at) {
  using Rep = Value::Rep;
  static constexpr Rep reps[] = {Rep::kNull,      Rep::kFalse,     Rep::kTrue,     Rep::kDocNumber,
                                 Rep::kDocString, Rep::kDocString, Rep::kDocArray, Rep::kDocObject};
  const Rep rep = reps[items[at].type];
  if (rep < Rep::kNumber) {
    Value plain;
    plain.rep_ = rep;
    return plain;
  }
  refs++;
  return Value(rep, this, at);
}

const Item& Document::object(uint32_t at) {
  if (all_unique_ || items[at].count < 2) return items[at];
  if (unique_.size() < items.size()) unique_.resize(items.size());
  if (!unique_[at] && !plainly_unique(at)) fold(at);
  unique_[at] = true;
  return items[at];
}

// Few keys are compared each with each, which their lengths mostly settle.
bool Document::plainly_unique(uint32_t at) const {
  const Item& object = items[at];
  if (object.count > KeyIndex::worth_it) return false;
  for (uint32_t m = 1; m < object.count; m++) {
    const Item& key = items[object.first + m * 2];
    for (uint32_t k = 0; k < m; k++) {
      const Item& other = items[object.first + k * 2];
      if (key.length == other.length && slice(key) == slice(other)) return false;
    }
  }
  return true;
}

// The last value of a key goes to the place of the first. Values may point at the old members, so
// the folded ones go behind everything else.
void Document::fold(uint32_t at) {
  const Item object = items[at];
  const auto key_at = [&](uint32_t m) { return slice(items[object.first + m * 2]); };
  KeyIndex seen(object.count);
  std::vector<Item> kept;
  std::vector<uint32_t> place(object.count);
  for (uint32_t m = 0; m < object.count; m++) {
    const uint32_t earlier = seen.find(key_at(m), key_at);
    if (earlier != KeyIndex::none) {
      kept[place[earlier] * 2 + 1] = items[object.first + m * 2 + 1];
      continue;
    }
    place[m] = static_cast<uint32_t>(kept.size() / 2);
    seen.put(key_at(m), m, key_at);
    kept.push_back(items[object.first + m * 2]);
    kept.push_back(items[object.first + m * 2 + 1]);
  }
  if (kept.size() == object.count * size_t{2}) return;
  items[at].first = static_cast<uint32_t>(items.size());
  items[at].count = static_cast<uint32_t>(kept.size() / 2) & 0x0fffffff;
  items.insert(items.end(), kept.begin(), kept.end());
  folded_ = true;
  meter_now();
}

std::optional<uint32_t> Document::find(uint32_t at, std::string_view key) {
  const Item& object = items[at];
  if (object.count >= 64) return find_indexed(at, key);
  // From the end: of a key that came twice the last one holds.
  for (uint32_t m = object.count; m-- > 0;) {
    const Item& name = items[object.first + m * 2];
    if (name.length == key.size() && slice(name) == key) return object.first + m * 2 + 1;
  }
  return std::nullopt;
}

std::optional<uint32_t> Document::find_indexed(uint32_t at, std::string_view key) {
  const Item& item = object(at);
  const auto key_at = [&](uint32_t m) { return slice(items[item.first + m * 2]); };
  auto known = indexes_.find(at);
  if (known == indexes_.end()) {
    known = indexes_.try_emplace(at, item.count).first;
    for (uint32_t m = 0; m < item.count; m++) known->second.put(key_at(m), m, key_at);
  }
  const uint32_t m = known->second.find(key, key_at);
  if (m == KeyIndex::none) return std::nullopt;
  return item.first + m * 2 + 1;
}

bool Document::verbatim(uint32_t at) {
  if (!canonical || folded_) return false;
  if (items[at].type < Item::kArray || all_unique_) return true;
  for (uint32_t i = 0; i < items.size(); i++)
    if (items[i].type == Item::kObject) object(i);
  all_unique_ = !folded_;
  return all_unique_;
}

}  // namespace penstock::json
