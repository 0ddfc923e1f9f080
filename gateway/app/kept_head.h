// A request's head that outlives the server's buffers, for a delivery that has to wait before it is
// looked at. Values; any thread.
#pragma once

#include <deque>
#include <string>

#include "gateway/http/exchange.h"

namespace penstock::gateway {

class KeptHead {
 public:
  explicit KeptHead(const RequestHead& head) : head_(head) {
    for (std::string_view* view :
         {&head_.method_text, &head_.target, &head_.path, &head_.query, &head_.remote})
      keep(*view);
    for (HeaderView& header : head_.headers) {
      keep(header.name);
      keep(header.value);
    }
  }
  KeptHead(const KeptHead&) = delete;
  KeptHead& operator=(const KeptHead&) = delete;

  const RequestHead& head() const { return head_; }

 private:
  void keep(std::string_view& view) { view = texts_.emplace_back(view); }

  RequestHead head_;
  std::deque<std::string> texts_;  // never moves what it holds
};

}  // namespace penstock::gateway
