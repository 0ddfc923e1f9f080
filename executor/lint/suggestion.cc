#include "executor/lint/suggestion.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "proto/suggest.h"

namespace penstock::lint {
namespace {

constexpr size_t kWordBytesMax = 64;    // longer words are nobody's slip
constexpr size_t kCandidatesMax = 500;  // a hostile definition may declare a hundred thousand

struct Synonym {
  std::string_view word, meant;
};

// What people write who come from other tools. Several meanings are tried in order.
constexpr Synonym kSynonyms[] = {
    {"url", "endpoint"},
    {"url", "uri"},
    {"uri", "endpoint"},
    {"href", "endpoint"},
    {"address", "endpoint"},
    {"verb", "method"},
    {"params", "query"},
    {"params", "parameters"},
    {"queryParameters", "query"},
    {"payload", "body"},
    {"data", "body"},
    {"json", "body"},
    {"header", "headers"},
    {"auth", "authentication"},
    {"args", "with"},
    {"args", "arguments"},
    {"arguments", "with"},
    {"parameters", "with"},
    {"params", "with"},
    {"function", "call"},
    {"action", "call"},
    {"invoke", "call"},
    {"next", "then"},
    {"goto", "then"},
    {"transition", "then"},
    {"steps", "do"},
    {"tasks", "do"},
    {"states", "do"},
    {"jobs", "do"},
    {"actions", "do"},
    {"parallel", "fork"},
    {"foreach", "for"},
    {"each", "for"},
    {"loop", "for"},
    {"items", "in"},
    {"sleep", "wait"},
    {"delay", "wait"},
    {"throw", "raise"},
    {"assign", "set"},
    {"variables", "set"},
    {"condition", "when"},
    {"condition", "if"},
    {"when", "if"},
    {"if", "when"},
    {"case", "switch"},
    {"choice", "switch"},
    {"error", "errors"},
    {"exceptWhen", "when"},
    {"retries", "retry"},
    {"attempts", "attempt"},
    {"attempts", "count"},
    {"maxAttempts", "limit"},
    {"max", "count"},
    {"interval", "delay"},
    {"filter", "as"},
    {"select", "as"},
    {"expression", "as"},
    {"value", "as"},
    {"id", "name"},
    {"secret", "use"},
    {"ref", "use"},
    {"user", "username"},
    {"pass", "password"},
    {"apiKey", "token"},
    {"key", "token"},
    {"functions", "use"},
    {"events", "use"},
    {"start", "schedule"},
    {"triggers", "schedule"},
    {"dslVersion", "dsl"},
    {"specVersion", "dsl"},
    {"code", "status"},
    {"message", "detail"},
    {"description", "summary"},
    {"description", "detail"},
    {"duration", "after"},
    {"seconds", "after"},
    {"script", "code"},
    {"cmd", "command"},
    {"env", "environment"},
    {"tasks", "branches"},
    {"do", "branches"},
    {"as", "each"},
    {"index", "at"},
    {"type", "with"},
    {"lang", "language"},
};

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '-' && c != '_') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace

std::string_view suggest(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > kWordBytesMax) return {};
  known = known.first(std::min(known.size(), kCandidatesMax));
  for (const std::string_view candidate : known) {
    if (folded(candidate) == folded(word)) return candidate;
  }
  for (const Synonym& synonym : kSynonyms) {
    if (folded(synonym.word) != folded(word)) continue;
    const auto meant = std::find(known.begin(), known.end(), synonym.meant);
    if (meant != known.end()) return *meant;
  }
  return nearest_word(word, known);
}

}  // namespace penstock::lint
