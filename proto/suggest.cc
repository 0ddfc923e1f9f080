#include "proto/suggest.h"

#include <algorithm>
#include <vector>

namespace penstock {

static constexpr size_t word_bytes_max = 64;  // longer words are nobody's typing error

static bool same(char a, char b) {
  const auto folded = [](char c) {
    return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  };
  return folded(a) == folded(b);
}

/// Damerau's distance in its restricted form: three rows of the usual table.
static size_t edits(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty() || word.size() > word_bytes_max) return {};
  std::string_view best;
  size_t best_edits = std::max<size_t>(1, word.size() / 3) + 1;  // a third wrong is another word
  for (const std::string_view candidate : known) {
    if (candidate.size() > word_bytes_max) continue;
    const size_t distance = edits(word, candidate);
    if (distance < best_edits) {
      best = candidate;
      best_edits = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view near = nearest_word(word, known);
  return near.empty() ? "" : " – did you mean \"" + std::string(near) + "\"?";
}

}  // namespace penstock
