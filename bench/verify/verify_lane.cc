#include "bench/verify/verify_lane.h"

namespace penstock::bench {

void VerifyLane::poke() {
  if (connection_.is_open()) return ask();
  if (opening_) return;
  opening_ = true;
  parser_.next();
  connection_.open();
}

void VerifyLane::ask() {
  opening_ = false;
  out_.clear();
  while (asked_.size() < owner_.options_.depth) {
    const uint64_t seq = owner_.next();
    if (seq == 0) break;
    asked_.push_back(seq);
    out_.append(owner_.builder_.get("/v1/runs/" + owner_.ledger_.run(seq).text(), false));
  }
  if (!out_.empty()) connection_.send(out_);
}

void VerifyLane::on_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    if (asked_.empty()) return down(Status::corrupt("bytes came that nobody asked for"));
    bytes.remove_prefix(parser_.feed(bytes));
    if (parser_.broken()) return down(Status::corrupt("the answer is no HTTP/1.1"));
    if (!parser_.done()) continue;
    const uint64_t seq = asked_.front();
    asked_.pop_front();
    owner_.answered(seq, parser_.head().status, parser_.body());
    if (parser_.head().close) return down(Status());
    parser_.next();
  }
  if (asked_.size() <= owner_.options_.depth / 2) ask();
}

void VerifyLane::down(const Status& why) {
  connection_.close();
  opening_ = false;
  owner_.give_back(asked_, why);
  asked_.clear();
}

}  // namespace penstock::bench
