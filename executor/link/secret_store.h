// The secrets that the gateway has handed to this executor, and the one who blots them out of
// whatever leaves it: outputs, errors, pieces of a stream, events.
//
// Lifecycle: set() when the gateway says so; asked for each run. Loop thread.
// Limitations: what is blotted out is a secret's text as it is, as JSON writes it, percent-encoded
// and in Base64, from limits::redacted_bytes_min bytes on. What a workflow makes of a secret by
// other means (its letters one by one, a hash) is not known as one. A text that comes in pieces is
// looked at piece by piece: whoever cuts it must not cut where a secret has begun().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/json/value.h"
#include "proto/records.pb.h"
#include "proto/worker.pb.h"

namespace penstock::executor {

class SecretStore {
 public:
  /// A value that is a JSON object or array is one; anything else is text.
  void set(const worker::SecretSet& secrets);
  /// An object of all.
  const json::Value& values() const { return values_; }

  /// How many bytes at the end of a text may be the beginning of a secret.
  size_t begun(std::string_view text) const;
  /// Writes *** over secrets in JSON or plain text.
  void redact(std::string& text) const;
  /// The same in all of a frame that is kept for people or other runs to see. A run's journal is
  /// not touched: it must bring back what was.
  void redact(worker::Frame& frame) const;

 private:
  void redact(records::Outcome& outcome) const;
  void add_marks(const json::Value& value);
  void add_mark(std::string_view secret);

  json::Value values_ = json::Value::object();
  std::vector<std::string> marks_;  // the longest first
};

}  // namespace penstock::executor
