// Turns a whole, already checked head into a RequestHead, by llhttp in strict mode. The only file
// that knows llhttp. What the raw check and llhttp disagree about is refused: two readers that
// differ are how requests are smuggled.
//
// Lifecycle: one parser a loop, since a head is always parsed in one piece. Loop thread.
#pragma once

#include <memory>
#include <string_view>

#include "gateway/http/exchange.h"
#include "gateway/http/head_check.h"

namespace penstock::gateway {

class HttpParser {
 public:
  HttpParser();
  ~HttpParser();
  HttpParser(const HttpParser&) = delete;
  HttpParser& operator=(const HttpParser&) = delete;

  /// Fills `out` with views into `head`, which HeadCheck has passed with `facts`.
  Check parse(std::string_view head, const HeadFacts& facts, RequestHead& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Makes the views in `head` point to a copy of the bytes they point to: `from` became `to`.
void rebase(RequestHead& head, const char* from, const char* to);

}  // namespace penstock::gateway
