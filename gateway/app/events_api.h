// /v1/events and /v1/runs lists, one event in full, replay; /v1/dead-letters. Loop thread; the
// reading is done on the queue's reader thread.
#pragma once

#include "gateway/app/context.h"
#include "gateway/app/operator_request.h"
#include "gateway/app/replayer.h"

namespace penstock::gateway {

class EventsApi {
 public:
  explicit EventsApi(Context& context) : context_(context), replayer_(context) {}
  /// words: events[/{id}[/replay]], runs, dead-letters
  void on_request(const OperatorRequest& request);

 private:
  void list(const OperatorRequest& request, const char* rows_name, records::RunStatus only);
  void listed(ExchangeId exchange, const std::string& rows_name, queue::ReadDone& done);
  void show(ExchangeId exchange, Id id);
  void shown(ExchangeId exchange, Id id, queue::ReadDone& done);
  void replay(ExchangeId exchange, Id id);
  void replayed(ExchangeId exchange, Id id, Replayer::Prepared prepared);
  void refuse(ExchangeId exchange, Code code, const std::string& detail);
  /// The read's event and its meta; otherwise the refusal has been answered.
  const queue::RunRead* found(ExchangeId exchange, queue::ReadDone& done,
                              records::EventMeta& meta);

  Context& context_;
  Replayer replayer_;
};

}  // namespace penstock::gateway
