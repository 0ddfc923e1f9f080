#include "gateway/cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace penstock::gateway {

static const char* code_of(Colour colour) {
  switch (colour) {
    case Colour::kBold:
      return "\033[1m";
    case Colour::kDim:
      return "\033[2m";
    case Colour::kRed:
      return "\033[31m";
    case Colour::kGreen:
      return "\033[32m";
    case Colour::kYellow:
      return "\033[33m";
    case Colour::kBlue:
      return "\033[34m";
    case Colour::kNone:
      break;
  }
  return "";
}

Console::Console() {
  const char* term = std::getenv("TERM");
  const bool wanted = !std::getenv("NO_COLOR") && !(term && std::string_view(term) == "dumb");
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  colours_out_ = wanted && terminal;
  colours_err_ = wanted && ::isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) columns_ = size.ws_col;
}

std::string Console::paint(Colour colour, std::string_view text) const {
  if (!colours_out_ || colour == Colour::kNone) return std::string(text);
  return code_of(colour) + std::string(text) + "\033[0m";
}

bool Console::print(std::string_view text) const {
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return whole && std::fflush(stdout) == 0;
}

void Console::fail(std::string_view sentence) const {
  const char* start = colours_err_ ? "\033[31mpenstock:\033[0m" : "penstock:";
  std::fprintf(stderr, "%s %.*s\n", start, static_cast<int>(sentence.size()), sentence.data());
}

void Console::note(std::string_view line) const {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

Colour status_colour(std::string_view status) {
  if (status == "succeeded" || status == "active") return Colour::kGreen;
  if (status == "failed" || status == "dead") return Colour::kRed;
  if (status == "cancelled" || status == "captured" || status == "filtered" || status == "inactive") return Colour::kDim;
  if (status == "waiting") return Colour::kYellow;
  return Colour::kBlue;
}

}  // namespace penstock::gateway
