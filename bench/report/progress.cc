#include "bench/report/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "bench/report/table.h"

namespace penstock::bench {

static std::string bar_of(double share) {
  constexpr size_t kWidth = 20;
  const auto full = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * kWidth + 0.5);
  return "[" + std::string(full, '#') + std::string(kWidth - full, '.') + "]";
}

std::string ProgressLine::text(const Progress& p, bool bar) {
  const auto rate =
      p.interval.length_s > 0
          ? static_cast<uint64_t>(static_cast<double>(p.interval.done) / p.interval.length_s)
          : 0;
  std::string out = fmt::format("{:<9} {:3.0f}", p.phase, p.elapsed_s);
  if (p.total_s > 0) out += fmt::format("/{:.0f}", p.total_s);
  out += " s";
  if (bar && p.total_s > 0) out += " " + bar_of(p.elapsed_s / p.total_s);
  out += fmt::format("  {:>9}/s  p50 {:.3f}  p99 {:.3f} ms  {} connected", grouped(rate),
                     static_cast<double>(p.interval.p50) / 1e6,
                     static_cast<double>(p.interval.p99) / 1e6, p.connected);
  if (p.interval.backlog) out += fmt::format("  backlog {}", grouped(p.interval.backlog));
  if (p.interval.errors) out += fmt::format("  errors {}", grouped(p.interval.errors));
  return out;
}

void ProgressLine::show(const Progress& progress) {
  if (!shown_) return;
  const std::string line = text(progress, terminal_);
  write(color_ && progress.interval.errors ? "\x1b[31m" + line + "\x1b[0m" : line);
}

void ProgressLine::show_verifying(uint64_t asked, uint64_t of, uint64_t open) {
  if (shown_)
    write(fmt::format("verifying {} of {}  {} not ended", grouped(asked), grouped(of),
                      grouped(open)));
}

void ProgressLine::write(const std::string& line) {
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", line.c_str());
  std::fflush(stderr);
  dirty_ = terminal_;
}

void ProgressLine::clear() {
  if (dirty_) std::fputs("\r\x1b[K", stderr);
  dirty_ = false;
}

}  // namespace penstock::bench
