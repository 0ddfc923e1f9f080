#include "alike.h"

#include <cmath>

namespace penstock::jq::fuzz {
namespace {

using json::Kind;
using json::Value;

bool alike_numbers(double a, double b) {
  return a == b || std::fabs(a - b) <= 1e-15 * std::fmax(std::fabs(a), std::fabs(b));
}

}  // namespace

bool alike(const Value& ours, const Value& theirs) {
  if (ours.kind() != theirs.kind())
    return ours.is_number() && std::isnan(ours.as_double()) && theirs.is_null();
  if (ours.is_number())
    return alike_numbers(
        std::fmin(std::fmax(ours.as_double(), -1.7976931348623157e308), 1.7976931348623157e308),
        theirs.as_double());
  if (ours.size() != theirs.size()) return false;
  for (size_t i = 0; i < ours.size(); i++) {
    if (ours.is_object() && ours.member(i).key.as_string() != theirs.member(i).key.as_string())
      return false;
    if (!alike(ours.at(i), theirs.at(i))) return false;
  }
  return ours.is_array() || ours.is_object() || ours == theirs;
}

}  // namespace penstock::jq::fuzz
