#include "queue/store.h"

#include <utility>

namespace penstock::queue {

void WriteSet::put(Family family, std::string key, std::string value) {
  ops.push_back({WriteOp::Kind::kPut, family, std::move(key), std::move(value)});
}

void WriteSet::erase(Family family, std::string key) {
  ops.push_back({WriteOp::Kind::kErase, family, std::move(key), {}});
}

void WriteSet::erase_range(Family family, std::string from, std::string to) {
  ops.push_back({WriteOp::Kind::kEraseRange, family, std::move(from), std::move(to)});
}

}  // namespace penstock::queue
