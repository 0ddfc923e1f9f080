// A run's stream as server-sent events: status, delta, task, restart, result, error.
//
// What has an id is told once, in order, to every reader, and Last-Event-ID resumes behind it:
//   0 queued · 1 running · 2 + s the stored piece s · behind the last piece of an ended run: its
//   tasks, its last status, and its result or error.
// None but the pieces is stored: the others follow from the run's own records. A change of status
// between (a wait, a retry) is told to those who are there, without an id. Pure.
#pragma once

#include "gateway/app/stream_form.h"

namespace penstock::gateway {

/// Appends one server-sent event; `id` below 0: none.
void append_event(std::string& out, std::string_view type, int64_t id, std::string_view data);

class EventForm final : public StreamForm {
 public:
  /// `after`: the last id that the reader has; -1: none.
  EventForm(Id id, int64_t after) : id_(id), after_(after) {}

  /// The first piece that a reader with this id lacks.
  static uint32_t first_piece(int64_t after);
  /// The id of the last event of an ended run.
  static int64_t last_id(const records::ResultRecord& result);

  Response head() const override;
  void status(records::RunStatus status, std::string& out) override;
  void piece(uint32_t sequence, const records::StreamPiece& piece, std::string& out) override;
  void end(const records::ResultRecord& result, std::string& out) override;

 private:
  void tell(std::string& out, std::string_view type, int64_t id, std::string_view data);
  void began(std::string& out);

  Id id_;
  int64_t after_;       ///< the last id that was told
  bool said_queued_ = false;
};

}  // namespace penstock::gateway
