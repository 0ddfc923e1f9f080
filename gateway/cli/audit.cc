// penstock audit: who changed what, and whether the log still is as it was written.
#include "queue/audit.h"

#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "gateway/cli/table.h"
#include "gateway/config/units.h"
#include "gateway/verify/encoding.h"

namespace penstock::gateway {

namespace {

struct AuditForm {
  bool verify = false;
  std::string limit = "50";
};

void print_audit(const Console& console, const JsonView& root) {
  Table table({"SEQUENCE", "AT", "WHO", "ACTION", "SUBJECT", "DETAIL"});
  for (const JsonView& row : root["audit"].items())
    table.row({row["sequence"].text(),
               row["at"].text(),
               row["who"].text(),
               {row["action"].text(), Colour::kBold},
               row["subject"].text(),
               row["detail"].text()});
  if (table.empty())
    console.note("Nothing was changed yet.");
  else
    console.print(table.text(console));
  if (root["next"].exists()) console.note("There are more: raise --limit.");
}

std::string bytes_of(const JsonView& hex) {
  return verify::decode(verify::Encoding::kHex, hex.text()).value_or("");
}

/// Follows the chain from the newest record to the first one.
class Chain {
 public:
  /// "" or what is wrong with this record, or between it and the newer one.
  std::string take(const JsonView& row) {
    records::AuditRecord record;
    record.set_at_ms(row["at_ms"].number());
    record.set_who(row["who"].text());
    record.set_action(row["action"].text());
    record.set_subject(row["subject"].text());
    record.set_detail(row["detail"].text());
    record.set_previous_hash(bytes_of(row["previous_hash"]));
    const std::string hash = bytes_of(row["hash"]), name = "record " + row["sequence"].text();
    if (queue::audit_hash(record) != hash) return name + " is not what was written";
    if (count_ > 0 && (hash != expected_ || row["sequence"].number() + 1 != sequence_))
      return name + " is not the one that the record after it was written behind";
    expected_ = record.previous_hash();
    sequence_ = row["sequence"].number();
    count_++;
    return "";
  }
  std::string end() const {
    return count_ == 0 || (sequence_ == 1 && expected_.empty()) ? "" : "the first records are gone";
  }
  uint64_t count() const { return count_; }

 private:
  std::string expected_;
  uint64_t sequence_ = 0, count_ = 0;
};

int verify_all(const Session& session) {
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  Chain chain;
  std::string newest, cursor;
  do {
    const std::string tail = cursor.empty() ? "" : "&cursor=" + cursor;
    const auto page = session.document(api->get("/v1/audit?limit=1000" + tail));
    if (!page) return kExitFailed;
    for (const JsonView& row : page->root()["audit"].items()) {
      if (newest.empty()) newest = row["hash"].text();
      if (const std::string wrong = chain.take(row); !wrong.empty())
        return session.fail(Status::corrupt("the audit log was tampered with: " + wrong));
    }
    cursor = page->root()["next"].text();
  } while (!cursor.empty());
  if (const std::string wrong = chain.end(); !wrong.empty())
    return session.fail(Status::corrupt("the audit log was tampered with: " + wrong));
  session.console.print("intact: " + std::to_string(chain.count()) + " records, the newest " +
                        (newest.empty() ? "none" : newest) + "\n");
  return kExitDone;
}

}  // namespace

void add_audit_command(Command& root, Session& session) {
  Command command = root.sub("audit", "who changed what, newest first");
  const auto form = std::make_shared<AuditForm>();
  command.flag("--verify", form->verify, "check the whole chain of hashes instead");
  command.option("--limit", form->limit, "N", "at most so many [50]");
  session.add_flags(command);
  command.action([form, &session] {
    if (form->verify) return verify_all(session);
    const Result<uint64_t> limit = parse_count(form->limit);
    if (!limit || *limit == 0) return session.usage("--limit is a number from 1");
    return session.get("/v1/audit?limit=" + std::to_string(*limit),
                       [&](const JsonView& root_view) { print_audit(session.console, root_view); });
  });
  command.examples({"penstock audit --limit 10", "penstock audit --verify"});
}

}  // namespace penstock::gateway
