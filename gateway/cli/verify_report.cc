#include "gateway/cli/verify_report.h"

#include "gateway/app/json_text.h"
#include "gateway/cli/json.h"
#include "gateway/cli/table.h"
#include "gateway/verify/preset.h"

namespace penstock::gateway {

namespace {

constexpr size_t shown_bytes_max = 4096;

/// Any bytes as one line: what a terminal could take for a command is escaped.
std::string escaped(std::string_view bytes) {
  std::string out;
  for (const char c : bytes.substr(0, shown_bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (byte < 0x20 || byte == 0x7f)
      (out += "\\x") += "0123456789abcdef"[byte >> 4], out += "0123456789abcdef"[byte & 15];
    else
      out += c;
  }
  if (bytes.size() > shown_bytes_max)
    out += "… (" + std::to_string(bytes.size()) + " bytes in all)";
  return out;
}

std::string list_json(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) {
    if (out.size() > 1) out += ',';
    append_json_string(out, item);
  }
  return out + "]";
}

std::string valid_lines(const VerifyReport& report, const Console& console) {
  const verify::Verdict& verdict = report.verdict;
  std::string line =
      console.paint(Colour::kGreen, "valid") + "  " + report.preset + " " + verdict.scheme;
  if (verdict.secret_index > 0) line += ", by secret " + std::to_string(verdict.secret_index + 1);
  if (verdict.signed_at_ms)
    line += ", signed " + iso_time(static_cast<uint64_t>(*verdict.signed_at_ms));
  line += "\n";
  if (!verdict.covers_body) line += "note   this sender does not sign the whole body\n";
  return line;
}

}  // namespace

std::string report_text(const VerifyReport& report, const Console& console) {
  const verify::Verdict& verdict = report.verdict;
  if (verdict.ok()) return valid_lines(report, console);
  std::string out = console.paint(Colour::kRed, "invalid") + "  " +
                    std::string(verify::reason_word(verdict.reason)) + ": " +
                    escaped(verdict.detail) + "\n";
  if (!report.signed_text.empty()) out += "signed   " + escaped(report.signed_text) + "\n";
  for (const std::string& cause : report.causes) out += "likely   " + escaped(cause) + "\n";
  return out;
}

std::string report_json(const VerifyReport& report) {
  const verify::Verdict& verdict = report.verdict;
  JsonObject object;
  object.boolean("valid", verdict.ok()).text("preset", report.preset);
  object.text("scheme", verdict.scheme).text("reason", verify::reason_word(verdict.reason));
  if (verdict.ok()) {
    object.number("secret", verdict.secret_index).boolean("covers_body", verdict.covers_body);
  } else {
    object.text("code", problem_kind(verify::reason_code(verdict.reason)).word);
    object.text("detail", verdict.detail).raw("hints", list_json(report.causes));
  }
  if (verdict.signed_at_ms)
    object.number("signed_at", static_cast<uint64_t>(*verdict.signed_at_ms) / 1000);
  if (!verdict.id.empty()) object.text("id", verdict.id);
  std::string shown;
  append_json_string(shown, report.signed_text);
  object.raw("signed_text", shown);
  return object.str() + "\n";
}

std::string presets_text(const Console& console) {
  Table table({"PRESET", "SENDER", "HEADERS"});
  for (const verify::Preset& preset : verify::presets()) {
    std::string headers;
    for (const std::string& name : verify::headers_read(preset))
      (headers += headers.empty() ? "" : " ") += name;
    table.row({preset.name, preset.title, headers.empty() ? "(in the body)" : headers});
  }
  return table.text(console);
}

std::string presets_json() {
  std::string items;
  for (const verify::Preset& preset : verify::presets()) {
    if (!items.empty()) items += ',';
    items += JsonObject()
                 .text("name", preset.name)
                 .text("title", preset.title)
                 .raw("headers", list_json(verify::headers_read(preset)))
                 .raw("aliases", list_json(preset.aliases))
                 .str();
  }
  return "{\"presets\":[" + items + "]}\n";
}

}  // namespace penstock::gateway
