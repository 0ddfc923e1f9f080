#include "bench/load/batch_answer.h"

namespace penstock::bench {

std::optional<Id> BatchAnswer::next() {
  constexpr std::string_view kName = "\"id\":";
  while (true) {
    const size_t at = rest_.find(kName);
    if (at == std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(at + kName.size());
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    if (!rest_.starts_with('"')) continue;
    if (const auto id = Id::from_text(rest_.substr(1, 36))) return id;
  }
}

}  // namespace penstock::bench
