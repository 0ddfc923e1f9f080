// How a refusal of the server (RFC 9457) reads in a terminal.
#include "gateway/cli/session.h"
#include "gateway/cli/table.h"

namespace penstock::gateway {

namespace {

/// "error  line 3, column 5 (/do/0): message" and a hint below.
void explain_finding(const Console& console, const JsonView& finding) {
  std::string place = finding["file"].text();
  if (finding["line"].exists()) {
    place += (place.empty() ? "line " : ":") + finding["line"].text() + ", column " +
             finding["column"].text();
  }
  const std::string pointer = finding["pointer"].text();
  if (!pointer.empty()) place += " (" + pointer + ")";
  const std::string severity = finding["severity"].text();
  console.note(harmless("  " + (severity.empty() ? "error" : severity) + " " + place + ": " +
                        finding["message"].text()));
  if (finding["hint"].exists()) console.note(harmless("        " + finding["hint"].text()));
}

/// An expression's or a body's fault: what it is of, then the message.
void explain_error(const Console& console, const JsonView& error) {
  std::string place = error["variable"].text();
  if (place.empty()) place = error["rule"].text();
  if (place.empty()) place = error["pointer"].text();
  console.note(harmless("  " + (place.empty() ? "" : place + ": ") + error["message"].text(), true));
}

std::string sentence_of(const ApiAnswer& answer, const JsonView& problem) {
  const std::string title = problem["title"].text(), detail = problem["detail"].text();
  std::string sentence = !detail.empty() ? detail : !title.empty() ? title : "the server refused";
  const std::string code = problem["code"].text();
  return sentence + " (" + (code.empty() ? "" : code + ", ") + "HTTP " +
         std::to_string(answer.status) + ")";
}

}  // namespace

void explain_problem(const Console& console, const ApiAnswer& answer) {
  const Result<JsonDocument> parsed = JsonDocument::parse(answer.body);
  const JsonView problem = parsed.ok() ? parsed->root() : JsonView();
  console.fail(harmless(sentence_of(answer, problem)));
  for (const JsonView& finding : problem["findings"].items()) explain_finding(console, finding);
  for (const JsonView& error : problem["errors"].items()) explain_error(console, error);
  if (answer.status == 401) {
    console.note(
        "The admin token is in the data folder's file admin-token; hand it over with "
        "--token, PENSTOCK_TOKEN or --data DIR.");
  }
  if (problem["retryable"].is_true() && !answer.retry_after.empty()) {
    console.note("Trying again in " + harmless(answer.retry_after) + " s can help.");
  }
}

}  // namespace penstock::gateway
