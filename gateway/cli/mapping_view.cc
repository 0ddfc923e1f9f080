#include "gateway/cli/mapping_view.h"

#include "gateway/cli/table.h"

namespace penstock::gateway {

static constexpr size_t complaints_max = 5;  // of one variable
static constexpr size_t value_width_max = 60;

static std::string times(const std::string& count, const std::string& of) {
  return count + " of " + of;
}

void print_fields(const Console& console, const JsonView& fields) {
  Table table({"FIELD", "TYPE", "SEEN", "EXAMPLE"});
  for (const JsonView& f : fields.items())
    table.row({{f["path"].text(), Colour::kBold},
               f["type"].text(),
               times(f["count"].text(), f["of"].text()),
               f["example"].exists() ? f["example"].dump() : ""});
  if (!table.empty()) console.print(table.text(console));
}

void print_samples(const Console& console, const JsonView& root) {
  Table table({"ID", "CREATED", "METHOD", "BYTES"});
  for (const JsonView& s : root["samples"].items())
    table.row({s["id"].text(), s["created_at"].text(), s["method"].text(), s["body_bytes"].text()});
  if (table.empty()) return console.note("Nothing has come yet: send an event to its URL.");
  console.print(table.text(console) + "\n");
  print_fields(console, root["fields"]);
}

static std::string cut(std::string text) {
  if (text.size() <= value_width_max) return text;
  size_t end = value_width_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) end--;
  return text.substr(0, end) + "…";
}

/// What a variable is for the newest sample.
static Cell newest_value(const JsonView& variable) {
  const auto values = variable["values"].items();
  if (values.empty()) return {"", Colour::kDim};
  const JsonView& newest = values.front();
  if (newest["error"].exists() && !newest["defaulted"].is_true()) return {"error", Colour::kRed};
  const std::string value = newest["value"].exists() ? newest["value"].dump() : "null";
  return {cut(value), newest["value"].exists() ? Colour::kNone : Colour::kYellow};
}

static std::string rule_of(const JsonView& variable) {
  std::string rule = variable["required"].is_true() ? "required" : "";
  if (variable["default"].exists())
    rule += (rule.empty() ? "default " : ", default ") + cut(variable["default"].dump());
  return rule.empty() ? "-" : rule;
}

static void print_complaints(const Console& console, const JsonView& variable) {
  size_t told = 0;
  for (const JsonView& value : variable["values"].items()) {
    if (!value["error"].exists() || value["defaulted"].is_true()) continue;
    if (told++ >= complaints_max) break;
    console.note(harmless("  " + variable["name"].text() + ", sample " + value["sample"].text() +
                          ": " + value["error"].text()));
  }
}

static void print_rules(const Console& console, const JsonView& report) {
  const std::string samples = report["samples"].text();
  if (const JsonView filter = report["filter"]; filter.exists()) {
    console.print("filter   " + harmless(filter["expression"].text()) + "   passes " +
                  times(filter["passes"].text(), samples) + " samples\n");
    print_complaints(console, filter);
  }
  if (const JsonView schema = report["schema"]; schema.exists()) {
    const auto breaches = schema["breaches"].items();
    console.print("schema   " +
                  (breaches.empty()
                       ? "all samples fit"
                       : std::to_string(breaches.size()) + " breaches in the samples") +
                  "\n");
    for (size_t i = 0; i < breaches.size() && i < complaints_max; i++)
      console.note(harmless("  sample " + breaches[i]["sample"].text() + ": " +
                            breaches[i]["pointer"].text() + " " + breaches[i]["message"].text()));
  }
}

void print_mapping(const Console& console, const JsonView& report, bool changed) {
  const std::string samples = report["samples"].text();
  Table table({"VARIABLE", "EXPRESSION", "RULE", "SEEN", "NEWEST"});
  for (const JsonView& v : report["variables"].items())
    table.row({{v["name"].text(), Colour::kBold},
               v["expression"].text(),
               rule_of(v),
               times(v["present"].text(), samples),
               newest_value(v)});
  if (!table.empty())
    console.print(table.text(console));
  else
    console.note("No variables: the workflow gets the whole body.");
  for (const JsonView& v : report["variables"].items()) print_complaints(console, v);
  print_rules(console, report);
  if (report["samples"].number() == 0)
    console.note("There is no sample to try it on yet: send an event to the trigger's URL.");
  if (changed)
    console.note(report["saved"].is_true() ? "The mapping is in force from now on."
                                           : "Nothing was kept: leave --dry-run out to keep it.");
}

}  // namespace penstock::gateway
