#include "executor/run/progress.h"

#include <cstdio>

namespace penstock::executor {

static constexpr int kGreen = 32, kRed = 31, kGrey = 90;
static constexpr size_t kShownBytesMax = 4096;

// Control characters of data must not reach a terminal.
static std::string harmless(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

void Progress::line(const char* mark, int colour, const std::string& text) const {
  if (!style_.lines) return;
  if (style_.colour) {
    std::fprintf(stderr, "\x1b[%dm%s\x1b[0m %s\n", colour, mark, harmless(text).c_str());
  } else {
    std::fprintf(stderr, "%s %s\n", mark, harmless(text).c_str());
  }
}

void Progress::value(const char* label, const json::Value& value) const {
  if (!style_.values) return;
  std::string text = value.dump();
  if (text.size() > kShownBytesMax) text = text.substr(0, kShownBytesMax) + "…";
  std::fprintf(stderr, "    %s %s\n", label, harmless(text).c_str());
}

std::string Progress::took(const flow::Node& node) {
  auto found = began_us_.find(&node);
  if (found == began_us_.end()) return "";
  const uint64_t us = clock_.monotonic_us() - found->second;
  began_us_.erase(found);
  char text[48];
  std::snprintf(text, sizeof(text), "  %.1f ms", static_cast<double>(us) / 1000);
  return text;
}

void Progress::task_began(const flow::Node& node, const json::Value& input) {
  if (node.reference.empty()) return;
  began_us_[&node] = clock_.monotonic_us();
  line("▸", kGrey, node.name + "  " + node.reference);
  value("in ", input);
}

void Progress::task_ended(const flow::Node& node, flow::TaskStatus, const json::Value& output) {
  if (node.reference.empty()) return;
  line("✓", kGreen, node.name + took(node));
  value("out", output);
}

void Progress::error_raised(const flow::Node& node, const flow::Error& error) {
  line("✗", kRed,
       node.name + "  " + error.title + " (" + std::to_string(error.status) + ")" +
           (error.detail.empty() ? "" : ": " + error.detail) + took(node));
}

}  // namespace penstock::executor
