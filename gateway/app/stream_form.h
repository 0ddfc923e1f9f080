// How one reader is told of a run's stream: which text each thing that happens turns into. The
// forms: event_form.h (our own), openai_stream.h (chunks of chat completions, events of responses).
//
// A form belongs to one reader and remembers what it has said. Pure: text goes out by `out`.
#pragma once

#include <optional>
#include <string>

#include "gateway/http/exchange.h"
#include "queue/types.h"

namespace penstock::gateway {

class StreamForm {
 public:
  virtual ~StreamForm() = default;

  /// The head of the answer; its body is said first.
  virtual Response head() const = 0;
  /// What is said first, and when the run's status changes while the reader is there.
  virtual void status(records::RunStatus status, std::string& out) = 0;
  /// A piece of the stream, each once, in order.
  virtual void piece(uint32_t sequence, const records::StreamPiece& piece, std::string& out) = 0;
  /// The run has ended, and its pieces have all been told.
  virtual void end(const records::ResultRecord& result, std::string& out) = 0;
  /// True: the stream ends here, whatever else the run does.
  virtual bool over() const { return false; }
  /// False: the head waits until there is something to say.
  virtual bool begins_at_once() const { return true; }
  /// An ordinary answer in place of a stream of which nothing has been said yet.
  virtual std::optional<Response> instead(const records::ResultRecord&) const {
    return std::nullopt;
  }
  /// Keeps the connection alive in silence.
  virtual std::string_view heartbeat() const { return ": \n\n"; }
};

}  // namespace penstock::gateway
