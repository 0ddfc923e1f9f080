#include "gateway/verify/body_spelling.h"

#include "proto/limits.h"

namespace penstock::verify {

namespace {

constexpr size_t indent_depth_max = 64;  // deeper JSON is not tried indented: it would grow too far

struct JsonStyle {
  size_t indent = 0;  ///< 0: one line
  std::string_view behind_comma = "";
  std::string_view behind_colon = "";
};

/// Writes JSON again with other white space; what stands in strings stays as it is.
class Respacer {
 public:
  Respacer(std::string_view text, const JsonStyle& style) : text_(text), style_(style) {}

  std::string run() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
      if (c == '"')
        string();
      else if (c == '{' || c == '[')
        open(c);
      else if (c == '}' || c == ']')
        close(c);
      else if (c == ',')
        comma();
      else if (c == ':')
        (out_ += c) += style_.behind_colon;
      else
        out_ += c;
    }
    return std::move(out_);
  }

 private:
  void string() {
    out_ += text_[at_];
    while (++at_ < text_.size()) {
      out_ += text_[at_];
      if (text_[at_] == '"') return;
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) out_ += text_[++at_];
    }
  }
  void line() {
    if (style_.indent > 0 && depth_ <= indent_depth_max)
      out_ += "\n" + std::string(depth_ * style_.indent, ' ');
  }
  void open(char c) {
    out_ += c;
    ++depth_;
    const size_t next = text_.find_first_not_of(" \t\r\n", at_ + 1);
    empty_ = next != std::string_view::npos && (text_[next] == '}' || text_[next] == ']');
    if (!empty_) line();
  }
  void close(char c) {
    if (depth_ > 0) --depth_;
    if (!empty_) line();
    empty_ = false;
    out_ += c;
  }
  void comma() {
    (out_ += ',') += style_.behind_comma;
    line();
  }

  std::string_view text_;
  JsonStyle style_;
  std::string out_;
  size_t at_ = 0, depth_ = 0;
  bool empty_ = false;
};

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  while (true) {
    const size_t at = text.find(from);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += to;
    text.remove_prefix(at + from.size());
  }
}

bool looks_like_json(std::string_view body) {
  const size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

std::string_view without_end(std::string_view body) {
  while (body.ends_with('\n') || body.ends_with('\r')) body.remove_suffix(1);
  return body;
}

}  // namespace

std::vector<BodySpelling> body_spellings(std::string_view body) {
  std::vector<BodySpelling> all;
  if (body.size() > limits::hint_body_bytes_max) return all;
  const auto add = [&](const char* what, std::string other) {
    if (other != body) all.push_back({what, std::move(other)});
  };
  add("without the line break at its end", std::string(without_end(body)));
  add("with a line break at its end", std::string(body) + "\n");
  add("with \\n for each \\r\\n", replaced(body, "\r\n", "\n"));
  add("with \\r\\n for each \\n", replaced(replaced(body, "\r\n", "\n"), "\n", "\r\n"));
  if (!looks_like_json(body)) return all;
  const auto respace = [&](const JsonStyle& style) { return Respacer(body, style).run(); };
  add("as compact JSON", respace({}));
  add("as JSON with spaces behind commas and colons", respace({0, " ", " "}));
  add("as JSON indented by 2", respace({2, "", " "}));
  add("as JSON indented by 4", respace({4, "", " "}));
  add("with \\/ for each /", replaced(replaced(body, "\\/", "/"), "/", "\\/"));
  add("with / for each \\/", replaced(body, "\\/", "/"));
  return all;
}

}  // namespace penstock::verify
