#include "executor/lint/render.h"

#include <algorithm>

#include "executor/json/value.h"

namespace penstock::lint {
namespace {

constexpr size_t kLineBytesShown = 160;

struct Paint {
  std::string_view error, warning, bold, caret, reset;
};
constexpr Paint kPlain{};
constexpr Paint kColours{"\x1b[1;31m", "\x1b[1;35m", "\x1b[1m", "\x1b[1;32m", "\x1b[0m"};

std::string_view severity_word(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

std::string_view line_of(std::string_view source, uint32_t line) {
  for (uint32_t at = 1; at < line; at++) {
    const size_t end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
  }
  source = source.substr(0, source.find('\n'));
  return source.ends_with('\r') ? source.substr(0, source.size() - 1) : source;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// White space as wide as `text` looks: tabs stay, a character of several bytes is one column.
std::string indent_under(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_continuation(c)) out += c == '\t' ? '\t' : ' ';
  }
  return out;
}

// What the terminal gets of the source is text, not commands.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') c = '?';
    if (c == 0x7f) c = '?';
  }
  return out;
}

void append_excerpt(const Finding& finding, std::string_view source, const Paint& paint,
                    std::string& out) {
  const std::string_view line = line_of(source, finding.at.line);
  const size_t column = finding.at.column == 0 ? 0 : finding.at.column - 1;
  if (finding.at.line == 0 || line.empty() || column > line.size()) return;
  if (column >= kLineBytesShown) return;
  size_t shown = std::min(line.size(), kLineBytesShown);
  while (shown < line.size() && is_continuation(line[shown])) shown++;
  out.append("  ").append(printable(line.substr(0, shown))).append("\n  ");
  out.append(indent_under(line.substr(0, column)));
  out.append(paint.caret).append("^").append(paint.reset).append("\n");
}

void append_finding(const Finding& finding, std::string_view file, std::string_view source,
                    const Paint& paint, std::string& out) {
  out.append(paint.bold).append(file);
  if (finding.at.line > 0) {
    out.append(":").append(std::to_string(finding.at.line));
    out.append(":").append(std::to_string(finding.at.column));
  }
  out.append(": ").append(paint.reset);
  out.append(finding.severity == Severity::kError ? paint.error : paint.warning);
  out.append(severity_word(finding.severity)).append(": ").append(paint.reset);
  out.append(printable(finding.message)).append("\n");
  append_excerpt(finding, source, paint, out);
  if (!finding.hint.empty()) out.append("  hint: ").append(printable(finding.hint)).append("\n");
}

json::Value finding_value(const Finding& finding) {
  json::Value value = json::Value::object();
  value.set("severity", json::Value::string(std::string(severity_word(finding.severity))));
  value.set("code", json::Value::string(std::string(finding.code)));
  value.set("line", json::Value::integer(finding.at.line));
  value.set("column", json::Value::integer(finding.at.column));
  value.set("pointer", json::Value::string(finding.pointer));
  value.set("message", json::Value::string(finding.message));
  value.set("hint", json::Value::string(finding.hint));
  return value;
}

}  // namespace

std::string render_text(const Report& report, std::string_view file, std::string_view source,
                        Colour colour) {
  std::string out;
  for (const Finding& finding : report.findings) {
    append_finding(finding, file, source, colour == Colour::kOn ? kColours : kPlain, out);
  }
  return out;
}

std::string render_json(const Report& report, std::string_view file) {
  json::Value findings = json::Value::array();
  for (const Finding& finding : report.findings) findings.push_back(finding_value(finding));
  json::Value value = json::Value::object();
  value.set("file", json::Value::string(std::string(file)));
  value.set("sound", json::Value::boolean(report.sound()));
  value.set("errors", json::Value::integer(static_cast<int64_t>(report.count(Severity::kError))));
  value.set("warnings",
            json::Value::integer(static_cast<int64_t>(report.count(Severity::kWarning))));
  value.set("name", json::Value::string(report.name));
  value.set("findings", std::move(findings));
  return value.dump();
}

}  // namespace penstock::lint
