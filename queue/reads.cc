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
  if (!answer.status.ok() || !job.inbox) return answer;
  auto inbox = read_inbox(view, job.id, job.inbox_from);
  if (inbox) answer.read.inbox = *std::move(inbox);
  else answer.status = inbox.status();
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
ReadAnswer answer(const View& view, const ReadAudit& job) {
  auto page = read_audit(view, job.before, job.limit);
  if (!page) return AuditAnswer{page.status(), {}};
  return AuditAnswer{{}, *std::move(page)};
}
ReadAnswer answer(const View& view, const ReadList& job) { return list_events(view, job); }
ReadAnswer answer(const View& view, const SweepRetention& job) {
  return sweep_retention(view, job);
}
ReadAnswer answer(const View& view, const ReadKey& job) {
  auto found = read_key(view, job.key, job.hours);
  if (!found) return KeyAnswer{found.status(), nullptr};
  return KeyAnswer{{}, *std::move(found)};
}

}  // namespace

ReadReply perform(const Store& store, ReadJob job) {
  const auto view = store.view();
  const auto answer_job = [&view](const auto& wanted) { return answer(*view, wanted); };
  ReadAnswer done = std::visit(answer_job, job);
  return {std::move(job), std::move(done)};
}

}  // namespace penstock::queue
