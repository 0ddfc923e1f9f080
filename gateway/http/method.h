// The methods this server knows. Pure.
#pragma once

#include <string_view>

#include "gateway/http/exchange.h"

namespace penstock::gateway {

/// kOther: unknown, or one that no resource here could mean (CONNECT, TRACE). Case counts.
inline Method method_of(std::string_view text) {
  if (text == "POST") return Method::kPost;
  if (text == "GET") return Method::kGet;
  if (text == "HEAD") return Method::kHead;
  if (text == "PUT") return Method::kPut;
  if (text == "PATCH") return Method::kPatch;
  if (text == "DELETE") return Method::kDelete;
  if (text == "OPTIONS") return Method::kOptions;
  return Method::kOther;
}

}  // namespace penstock::gateway
