#include "gateway/app/streams.h"

#include <algorithm>
#include <utility>

namespace penstock::gateway {

Streams::Reader* Streams::find(Number number) {
  const auto found = readers_.find(number);
  return found == readers_.end() ? nullptr : &found->second;
}

std::vector<Streams::Number> Streams::readers_of(Id id) const {
  std::vector<Number> numbers;
  const auto [from, to] = by_run_.equal_range(id);
  for (auto it = from; it != to; ++it) numbers.push_back(it->second);
  return numbers;
}

void Streams::add(NewReader wanted, records::RunStatus status) {
  const Number number = ++last_;
  by_run_.emplace(wanted.id, number);
  by_exchange_.emplace(wanted.exchange, number);
  Reader& reader = readers_[number];
  reader.next = wanted.from;
  reader.announced = wanted.result ? wanted.result->stream_count() : 0;
  reader.look = !wanted.caught_up && !wanted.result;
  if (wanted.result) reader.next = std::min(reader.next, reader.announced);
  reader.wanted = std::move(wanted);
  reader.said_at_ms = clock_.monotonic_ms();
  if (reader.wanted.form->begins_at_once()) begin(reader);
  text_.clear();
  reader.wanted.form->status(status, text_);
  write(reader, text_);
  go_on(number);
}

void Streams::begin(Reader& reader) {
  if (std::exchange(reader.begun, true)) return;
  server_.stream_begin(reader.wanted.exchange, reader.wanted.form->head());
}

void Streams::write(Reader& reader, std::string_view text) {
  if (text.empty()) return;
  begin(reader);
  reader.said_at_ms = clock_.monotonic_ms();
  server_.stream_write(reader.wanted.exchange, text);
}

void Streams::tell(Reader& reader, const records::StreamPiece& piece) {
  text_.clear();
  reader.wanted.form->piece(reader.next++, piece, text_);
  write(reader, text_);
}

void Streams::on_piece(const queue::PieceStored& stored) {
  for (const Number number : readers_of(stored.id)) {
    if (!find(number)) continue;  // its connection ended with another reader's answer
    Reader& reader = *find(number);
    reader.announced = std::max(reader.announced, stored.sequence + 1);
    if (reader.state != State::kLive || reader.next != stored.sequence) continue;
    tell(reader, *stored.piece);
    go_on(number);
  }
}

void Streams::on_status(Id id, records::RunStatus status) {
  if (readers_.empty()) return;
  for (const Number number : readers_of(id)) {
    if (!find(number)) continue;
    Reader& reader = *find(number);
    if (reader.state != State::kLive) continue;
    text_.clear();
    reader.wanted.form->status(status, text_);
    write(reader, text_);
  }
}

void Streams::on_ended(const queue::Ended& ended) {
  if (readers_.empty()) return;
  for (const Number number : readers_of(ended.id)) {
    if (!find(number)) continue;
    Reader& reader = *find(number);
    reader.wanted.result = ended.result;
    reader.announced = std::max(reader.announced, ended.result->stream_count());
    go_on(number);
  }
}

/// After each step: what this reader needs now.
void Streams::go_on(Number number) {
  Reader& reader = *find(number);
  if (reader.state == State::kReading) return;
  if (reader.wanted.form->over()) return close(number);
  if (reader.begun && server_.stream_backlog(reader.wanted.exchange) > kBacklogBytesMax) {
    if (reader.state != State::kPaused) paused_.push_back(number);
    reader.state = State::kPaused;
    return;
  }
  reader.state = State::kLive;
  if (reader.look || reader.next < reader.announced) return read_back(number, reader);
  if (reader.wanted.result) finish(number, reader);
}

void Streams::read_back(Number number, Reader& reader) {
  reader.state = State::kReading;
  const queue::Cookie cookie =
      pending_.read([this, number](queue::ReadDone& done) { on_page(number, done); });
  queue_.read_stream(reader.wanted.id, reader.next, limits::stream_page_bytes, cookie);
}

void Streams::on_page(Number number, queue::ReadDone& done) {
  Reader* reader = find(number);
  if (!reader) return;  // gone meanwhile
  reader->state = State::kLive;
  if (!done.status.ok()) {
    log_.error("cannot read a run's stream",
               {{"id", reader->wanted.id.text()}, {"fault", done.status.message()}});
    return close(number);  // the client comes back and resumes
  }
  const auto& page = std::get<queue::StreamPage>(done.value);
  for (const queue::PiecePtr& piece : page.pieces) {
    if (reader->wanted.form->over()) break;
    tell(*reader, *piece);
  }
  // What is stored after this look is announced.
  reader->look = !page.at_end;
  reader->in_vain = page.pieces.empty() ? reader->in_vain + 1 : 0;
  if (reader->in_vain > kInVainMax && reader->next < reader->announced) return close(number);
  go_on(number);
}

void Streams::finish(Number number, Reader& reader) {
  const auto& wanted = reader.wanted;
  if (!reader.begun) {
    if (auto answer = wanted.form->instead(*wanted.result)) {
      server_.respond(wanted.exchange, *std::move(answer));
      return drop(number);
    }
  }
  text_.clear();
  wanted.form->end(*wanted.result, text_);
  write(reader, text_);
  close(number);
}

void Streams::close(Number number) {
  Reader& reader = *find(number);
  begin(reader);
  server_.stream_end(reader.wanted.exchange);
  drop(number);
}

void Streams::drop(Number number) {
  const Reader& reader = *find(number);
  by_exchange_.erase(reader.wanted.exchange);
  const auto [from, to] = by_run_.equal_range(reader.wanted.id);
  by_run_.erase(std::find_if(from, to, [number](const auto& e) { return e.second == number; }));
  readers_.erase(number);
}

std::optional<Departure> Streams::remove(ExchangeId exchange) {
  const auto found = by_exchange_.find(exchange);
  if (found == by_exchange_.end()) return std::nullopt;
  const Number number = found->second;
  const NewReader& wanted = find(number)->wanted;
  const Departure departure{wanted.id, wanted.hang_up};
  drop(number);
  return departure;
}

uint64_t Streams::turn(uint64_t now_ms) {
  for (const Number number : std::exchange(paused_, {})) {
    Reader* reader = find(number);
    if (!reader) continue;
    reader->state = State::kLive;
    go_on(number);
  }
  if (now_ms >= beat_at_ms_) {
    beat_at_ms_ = now_ms + 1'000;
    for (auto& [number, reader] : readers_)
      if (reader.said_at_ms + limits::stream_heartbeat_ms <= now_ms && reader.state == State::kLive)
        write(reader, reader.wanted.form->heartbeat());
  }
  if (!paused_.empty()) return now_ms + kPauseMs;
  return readers_.empty() ? UINT64_MAX : beat_at_ms_;
}

void Streams::close_unstarted() {
  std::vector<Number> numbers;
  for (const auto& [number, reader] : readers_) {
    const auto live = queue_.live(reader.wanted.id);
    if (!live || live->status != records::RUNNING) numbers.push_back(number);
  }
  for (const Number number : numbers)
    if (find(number)) close(number);
}

void Streams::close_all() {
  while (!readers_.empty()) close(readers_.begin()->first);
}

}  // namespace penstock::gateway
