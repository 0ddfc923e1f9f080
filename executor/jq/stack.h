// The machine's stack of values, which remembers: what lies below a fork stays as it was when the
// fork was made, whatever is popped and pushed after it, until the machine backtracks there.
//
// Cells are linked from the top down. Those above the newest fork (the floor) are nobody else's and
// are moved out when popped; those below it are copied.
//
// Lifecycle: reused from run to run. Thread: the machine's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "executor/json/value.h"

namespace penstock::jq {

class Stack {
 public:
  static constexpr uint32_t none = UINT32_MAX;

  /// Where the stack stands; a fork keeps one.
  struct Mark {
    uint32_t top = none;
    uint32_t size = 0;
  };

  void push(json::Value value) {
    cells_.push_back({std::move(value), top_});
    top_ = static_cast<uint32_t>(cells_.size() - 1);
  }
  json::Value pop() {
    Cell& cell = cells_[top_];
    const uint32_t below = cell.below;
    if (top_ < floor_) {
      top_ = below;
      return cell.value;
    }
    json::Value value = std::move(cell.value);
    top_ = below;
    shrink(below == none ? 0 : below + 1);
    return value;
  }
  const json::Value& top() const { return cells_[top_].value; }
  /// The value `depth` below the top.
  const json::Value& peek(uint32_t depth) const {
    uint32_t at = top_;
    while (depth-- > 0) at = cells_[at].below;
    return cells_[at].value;
  }
  /// Replaces the top.
  void set_top(json::Value value) {
    if (top_ >= floor_) {
      cells_[top_].value = std::move(value);
      return;
    }
    const uint32_t below = cells_[top_].below;
    cells_.push_back({std::move(value), below});
    top_ = static_cast<uint32_t>(cells_.size() - 1);
  }
  /// The top itself, to be changed in place; nullptr when a fork still needs it.
  json::Value* own_top() { return top_ >= floor_ ? &cells_[top_].value : nullptr; }

  Mark mark() const { return {top_, static_cast<uint32_t>(cells_.size())}; }
  /// What is there now stays.
  void set_floor(uint32_t size) { floor_ = size; }
  void restore(const Mark& mark) {
    cells_.resize(mark.size);
    top_ = mark.top;
  }
  void clear() {
    cells_.clear();
    top_ = none;
    floor_ = 0;
  }
  size_t bytes() const { return cells_.size() * sizeof(Cell); }

 private:
  struct Cell {
    json::Value value;
    uint32_t below = none;
  };

  void shrink(uint32_t size) {
    size = std::max(size, floor_);
    while (cells_.size() > size) cells_.pop_back();
  }

  std::vector<Cell> cells_;
  uint32_t top_ = none;
  uint32_t floor_ = 0;
};

}  // namespace penstock::jq
