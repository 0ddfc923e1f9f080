// penstock receipt verify: whether a receipt is what this gateway signed, offline once its public
// key is at hand.
#include "gateway/app/receipts.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/input.h"
#include "proto/limits.h"
#include "proto/sha256.h"

namespace penstock::gateway {

namespace {

struct ReceiptForm {
  std::string receipt, keys, body;
};

/// The receipt itself, or the ack that has it inside.
JsonView receipt_in(const JsonView& root) {
  return root["receipt"].exists() ? root["receipt"] : root;
}

/// The public key that the receipt names; "" when it is not among them.
std::string key_in(const JsonView& key_set, const std::string& key_id) {
  for (const JsonView& key : key_set["keys"].items())
    if (key["kid"].text() == key_id) return key["x"].text();
  return "";
}

int judge(const Session& session, const JsonView& shown, const JsonView& keys,
          const std::optional<std::string>& body) {
  Receipt receipt{shown["id"].text(), shown["body_sha256"].text(), shown["position"].number(),
                  shown["time"].text(), shown["durability"].text()};
  const std::string key = key_in(keys, shown["key_id"].text());
  if (key.empty())
    return session.fail(Status::invalid("the receipt's key is not among the published ones"));
  if (!Receipts::verify(key, shown["signature"].text(), receipt.text()))
    return session.fail(
        Status::invalid("the signature is not of this receipt: it was changed, or "
                        "another gateway signed it"));
  if (body && sha256_hex(*body) != receipt.body_sha256)
    return session.fail(Status::invalid("the receipt is genuine, but for another body"));
  session.console.print("valid: event " + receipt.id + ", number " +
                        std::to_string(receipt.position) + ", on " + receipt.durability + " at " +
                        receipt.time + "\n");
  return kExitDone;
}

Result<JsonDocument> read_json(const std::string& name) {
  const Result<std::string> text = read_input(name, limits::workflow_bytes_max);
  if (!text) return text.status();
  return JsonDocument::parse(*text);
}

int verify(const Session& session, const ReceiptForm& form) {
  const Result<JsonDocument> receipt = read_json(form.receipt);
  if (!receipt) return session.fail(receipt.status());
  std::optional<std::string> body;
  if (!form.body.empty()) {
    const std::string name = form.body.starts_with('@') ? form.body.substr(1) : form.body;
    Result<std::string> read = read_input(name, limits::body_bytes_ceiling);
    if (!read) return session.fail(read.status());
    body = *std::move(read);
  }
  if (!form.keys.empty()) {
    const Result<JsonDocument> keys = read_json(form.keys);
    if (!keys) return session.fail(keys.status());
    return judge(session, receipt_in(receipt->root()), keys->root(), body);
  }
  const Result<ApiClient> api = session.client();
  if (!api) return session.usage(api.status().message());
  const auto keys = session.document(api->get("/.well-known/penstock-receipts.json"));
  if (!keys) return kExitFailed;
  return judge(session, receipt_in(receipt->root()), keys->root(), body);
}

}  // namespace

void add_receipt_commands(Command& root, Session& session) {
  Command receipt = root.sub("receipt", "check what the gateway signed");
  Command command = receipt.sub("verify", "is this receipt genuine?");
  const auto form = std::make_shared<ReceiptForm>();
  command.argument("FILE", form->receipt, "the receipt, or the ack with it inside; - for stdin");
  command.option("--keys", form->keys, "FILE",
                 "the published keys; without it the gateway is asked");
  command.option("--body", form->body, "@FILE", "the body that was sent: is it the one?");
  session.add_flags(command, false);
  command.action([form, &session] { return verify(session, *form); });
  command.examples({"penstock receipt verify ack.json --body @body.json"});
}

}  // namespace penstock::gateway
