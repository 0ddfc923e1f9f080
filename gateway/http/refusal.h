// Why a request is refused before the application sees it. A value, made of literals only.
#pragma once

#include <optional>
#include <string_view>

#include "proto/problem.h"

namespace penstock::gateway {

struct Refusal {
  Code code = Code::kBadRequest;
  std::string_view detail;  ///< a literal: what is wrong and what the sender should do
};

/// nullopt: nothing is wrong.
using Check = std::optional<Refusal>;

inline Refusal bad_request(std::string_view detail) {
  return {Code::kBadRequest, detail};
}

}  // namespace penstock::gateway
