#include "queue/memory_store.h"

#include <mutex>

namespace penstock::queue {
namespace {

using Keys = MemoryStore::Keys;

class MemoryCursor final : public Cursor {
 public:
  explicit MemoryCursor(const Keys& keys) : keys_(keys), at_(keys.end()) {}
  void seek(std::string_view key) override { at_ = keys_.lower_bound(key); }
  void seek_back(std::string_view key) override {
    at_ = keys_.upper_bound(key);
    prev();
  }
  void last() override {
    at_ = keys_.end();
    prev();
  }
  void next() override { ++at_; }
  void prev() override { at_ = at_ == keys_.begin() ? keys_.end() : std::prev(at_); }
  bool valid() const override { return at_ != keys_.end(); }
  std::string_view key() const override { return at_->first; }
  std::string_view value() const override { return at_->second; }
  Status status() const override { return {}; }

 private:
  const Keys& keys_;
  Keys::const_iterator at_;
};

class MemoryView final : public View {
 public:
  MemoryView(const std::array<Keys, family_count>& families, std::shared_mutex& mutex)
      : families_(families), lock_(mutex) {}
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    const Keys& keys = families_[static_cast<size_t>(family)];
    const auto found = keys.find(key);
    if (found == keys.end()) return std::optional<std::string>();
    return std::optional(found->second);
  }
  std::unique_ptr<Cursor> cursor(Family family) const override {
    return std::make_unique<MemoryCursor>(families_[static_cast<size_t>(family)]);
  }

 private:
  const std::array<Keys, family_count>& families_;
  std::shared_lock<std::shared_mutex> lock_;
};

void apply(Keys& keys, const WriteOp& op) {
  switch (op.kind) {
    case WriteOp::Kind::kPut: keys.insert_or_assign(op.key, op.value); break;
    case WriteOp::Kind::kErase: keys.erase(op.key); break;
    case WriteOp::Kind::kEraseRange:
      if (op.key < op.value) keys.erase(keys.lower_bound(op.key), keys.lower_bound(op.value));
      break;
  }
}

}  // namespace

Status MemoryStore::write(const WriteSet& set, Sync) {
  const std::unique_lock lock(mutex_);
  for (const WriteOp& op : set.ops) apply(families_[static_cast<size_t>(op.family)], op);
  sequence_ = set.sequence;
  return {};
}

std::unique_ptr<View> MemoryStore::view() const {
  return std::make_unique<MemoryView>(families_, mutex_);
}

Result<uint64_t> MemoryStore::heal() { return sequence_; }

}  // namespace penstock::queue
