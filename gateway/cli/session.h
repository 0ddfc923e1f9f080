// What every client command starts from: which server, which token, how to print.
//
// Lifecycle: flags write into it while the line is read; client() is asked for afterwards.
// One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gateway/cli/api_client.h"
#include "gateway/cli/command.h"
#include "gateway/cli/console.h"
#include "gateway/cli/json.h"

namespace penstock::gateway {

class Session {
 public:
  explicit Session(const Console& c) : console(c) {}

  /// --url, --token, --data, --cacert and, where the command lists or shows, --json.
  void add_flags(Command& command, bool with_json = true);
  /// The server as flags, environment and data folder name it.
  Result<ApiClient> client() const;

  /// Runs `human` on a good answer, or prints it as it came under --json; a refusal or an
  /// unreachable server is explained on stderr. The exit code.
  using Human = std::function<void(const JsonView&)>;
  int show(const Result<ApiAnswer>& answer, const Human& human) const;
  /// GETs a path and shows it.
  int get(const std::string& path, const Human& human, uint64_t wait_ms = 0) const;
  /// Sends a JSON body and shows the answer.
  int send(const std::string& method, const std::string& path, const std::string& body,
           const Human& human) const;
  /// A good answer as a document; otherwise the reason is on stderr already.
  std::optional<JsonDocument> document(const Result<ApiAnswer>& answer) const;
  /// Prints a sentence about a local fault; the exit code.
  int fail(const Status& status) const;
  int usage(const std::string& sentence) const;

  const Console& console;
  bool json = false;

 private:
  std::string url_, token_, data_, cacert_;
};

/// The sentences for a refused request: detail, code, what to do, findings with their places.
void explain_problem(const Console& console, const ApiAnswer& answer);

}  // namespace penstock::gateway
