#include "executor/jq/regex.h"

#include <re2/re2.h>

namespace penstock::jq {
namespace {

constexpr int64_t program_bytes_max = 1 << 20;
constexpr size_t pattern_bytes_max = 16 * 1024;

struct Flags {
  bool global = false, ignore_case = false, extended = false, dot_newline = false;
  bool skips_empty = false, longest = false;
};

Status read_flags(std::string_view letters, Flags& flags) {
  for (const char letter : letters) {
    switch (letter) {
      case 'g':
        flags.global = true;
        break;
      case 'i':
        flags.ignore_case = true;
        break;
      case 'x':
        flags.extended = true;
        break;
      case 's':
        break;  // ^ and $ are the text's ends anyway
      case 'p':
        flags.dot_newline = true;
        break;
      case 'n':
        flags.skips_empty = true;
        break;
      case 'l':
        flags.longest = true;
        break;
      default:
        return Status::invalid(std::string(letters) + " is not a valid modifier string");
    }
  }
  return {};
}

/// Rewrites a pattern from Oniguruma's Perl syntax into RE2's.
class Translator {
 public:
  Translator(std::string_view pattern, bool extended) : in_(pattern), extended_(extended) {}

  std::string run() {
    while (at_ < in_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = in_[at_];
    if (c == '\\') return escape();
    if (in_class_) {
      in_class_ = c != ']' || at_ == class_begin_;
    } else if (c == '[') {
      in_class_ = true;
      class_begin_ = at_ + (in_.substr(at_ + 1, 1) == "^" ? 2 : 1);
    } else if (in_.substr(at_, 3) == "(?<" && is_name(at_ + 3)) {
      out_ += "(?P<";
      at_ += 3;
      return;
    } else if (extended_ && skip_space()) {
      return;
    }
    out_.push_back(c);
    at_++;
  }

  // \h is a hexadecimal digit, \H is not; \Z allows a newline behind it.
  void escape() {
    const char letter = at_ + 1 < in_.size() ? in_[at_ + 1] : '\0';
    const std::string_view range = in_class_ ? "0-9a-fA-F" : "[0-9a-fA-F]";
    if (letter == 'h') {
      out_ += range;
    } else if (letter == 'H' && !in_class_) {
      out_ += "[^0-9a-fA-F]";
    } else if (letter == 'Z') {
      out_ += "\\n?\\z";
    } else {
      out_.append(in_.substr(at_, 2));
    }
    at_ += 2;
  }

  bool is_name(size_t at) const {
    const char c = at < in_.size() ? in_[at] : '\0';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  bool skip_space() {
    const char c = in_[at_];
    if (c == '#') {
      at_ = std::min(in_.find('\n', at_), in_.size());
      return true;
    }
    if (std::string_view(" \t\r\n\f\v").find(c) == std::string_view::npos) return false;
    at_++;
    return true;
  }

  std::string_view in_;
  bool extended_;
  size_t at_ = 0;
  bool in_class_ = false;
  size_t class_begin_ = 0;
  std::string out_;
};

}  // namespace

Regex::Regex() = default;
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

Result<Regex> Regex::compile(std::string_view pattern, std::string_view letters) {
  if (pattern.size() > pattern_bytes_max) {
    return Status::invalid("Regex failure: longer than " + std::to_string(pattern_bytes_max));
  }
  Flags flags;
  if (const Status status = read_flags(letters, flags); !status) return status;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!flags.ignore_case);
  options.set_dot_nl(flags.dot_newline);
  options.set_longest_match(flags.longest);
  options.set_max_mem(program_bytes_max);
  Regex made;
  made.global_ = flags.global;
  made.skips_empty_ = flags.skips_empty;
  made.re2_ = std::make_unique<RE2>(Translator(pattern, flags.extended).run(), options);
  if (!made.re2_->ok()) return Status::invalid("Regex failure: " + made.re2_->error());
  made.names_.resize(static_cast<size_t>(made.re2_->NumberOfCapturingGroups()) + 1);
  for (const auto& [number, name] : made.re2_->CapturingGroupNames()) {
    made.names_[static_cast<size_t>(number)] = name;
  }
  return made;
}

size_t Regex::size() const {
  return static_cast<size_t>(re2_->ProgramSize());
}

std::vector<Span> Regex::match(std::string_view text, size_t from) const {
  std::vector<re2::StringPiece> groups(names_.size());
  const re2::StringPiece subject(text.data(), text.size());
  if (!re2_->Match(subject, from, text.size(), RE2::UNANCHORED, groups.data(),
                   static_cast<int>(groups.size()))) {
    return {};
  }
  std::vector<Span> spans;
  for (const re2::StringPiece& group : groups) {
    if (group.data() == nullptr) {
      spans.emplace_back();
      continue;
    }
    const auto begin = static_cast<size_t>(group.data() - text.data());
    spans.push_back({begin, begin + group.size(), true});
  }
  return spans;
}

}  // namespace penstock::jq
