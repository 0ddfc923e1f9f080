#include "queue/reads.h"

#include <utility>

#include "queue/backlog_scan.h"
#include "queue/event_list.h"
#include "queue/retention.h"
#include "queue/run_reader.h"

namespace penstock::queue {
namespace {

RunAnswer answer_run(const View& view, Id id, bool with_journal) {
  auto read = read_run(view, id, with_journal);
  if (!read) return {read.status(), {}};
  return {{}, *std::move(read)};
}

ReadAnswer answer(const View& view, const LoadRun& job) {
  RunAnswer answer = answer_run(view, job.id, true);
  if (!answer.status.ok()) return answer;
  auto pieces = read_pieces(view, job.id);
  if (pieces) answer.read.pieces = *std::move(pieces);
  else answer.status = pieces.status();
  return answer;
}
ReadAnswer answer(const View& view, const LookUp& job) { return answer_run(view, job.id, false); }
ReadAnswer answer(const View& view, const ReadRun& job) {
  return answer_run(view, job.id, job.with_journal);
}
ReadAnswer answer(const View& view, const Refill& job) { return scan_backlog(view, job); }
ReadAnswer answer(const View& view, const ReadStream& job) {
  auto page = read_stream(view, job.id, job.from, job.bytes_max);
  if (!page) return StreamAnswer{page.status(), {}};
  return StreamAnswer{{}, *std::move(page)};
}
ReadAnswer answer(const View& view, const ReadList& job) { return list_events(view, job); }
ReadAnswer answer(const View& view, const SweepRetention& job) {
  return sweep_retention(view, job);
}

}  // namespace

ReadReply perform(const Store& store, ReadJob job) {
  const auto view = store.view();
  const auto answer_job = [&view](const auto& wanted) { return answer(*view, wanted); };
  ReadAnswer done = std::visit(answer_job, job);
  return {std::move(job), std::move(done)};
}

}  // namespace penstock::queue
