// What to do when the queue answers: the continuations behind the cookies of reads, definitions
// and cancels. (Acks have a table of their own in hooks.h: they are the hot path.)
//
// Loop thread. Every cookie is answered once and forgotten.
#pragma once

#include <functional>
#include <unordered_map>

#include "queue/types.h"

namespace penstock::gateway {

class Pending {
 public:
  using OnRead = std::function<void(queue::ReadDone&)>;
  using OnDefined = std::function<void()>;
  using OnCancel = std::function<void(bool known)>;
  using OnAccepted = std::function<void(Id id)>;

  queue::Cookie read(OnRead then) { return keep(reads_, std::move(then)); }
  queue::Cookie defined(OnDefined then) { return keep(defined_, std::move(then)); }
  queue::Cookie cancel(OnCancel then) { return keep(cancels_, std::move(then)); }
  queue::Cookie accepted(OnAccepted then) { return keep(accepted_, std::move(then)); }

  void run(queue::ReadDone& done) { call(reads_, done.cookie, done); }
  void run(const queue::Defined& done) { call(defined_, done.cookie); }
  void run(const queue::CancelAnswered& done) { call(cancels_, done.cookie, done.known); }
  /// False: the cookie is not from here.
  bool run(const queue::Accepted& done) { return call(accepted_, done.cookie, done.id); }
  /// The accept was refused: its continuation is not called.
  void forget(queue::Cookie cookie) { accepted_.erase(cookie); }

 private:
  template <class Table, class Then>
  queue::Cookie keep(Table& table, Then then) {
    const queue::Cookie cookie = ++last_;
    table.emplace(cookie, std::move(then));
    return cookie;
  }
  template <class Table, class... Args>
  bool call(Table& table, queue::Cookie cookie, Args&&... args) {
    auto entry = table.extract(cookie);
    if (entry.empty()) return false;
    entry.mapped()(std::forward<Args>(args)...);
    return true;
  }

  queue::Cookie last_ = 0;  // counts up; the acks' cookies have the top bit set
  std::unordered_map<queue::Cookie, OnRead> reads_;
  std::unordered_map<queue::Cookie, OnDefined> defined_;
  std::unordered_map<queue::Cookie, OnCancel> cancels_;
  std::unordered_map<queue::Cookie, OnAccepted> accepted_;
};

}  // namespace penstock::gateway
