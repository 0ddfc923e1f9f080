// A request body: owned bytes with readable padding behind them, because simdjson reads past the
// end. Filled once as it arrives, then moved all the way to disk without another copy. One owner.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace penstock {

class Body {
 public:
  static constexpr size_t padding_bytes = 64;  // at least SIMDJSON_PADDING

  Body() = default;
  explicit Body(std::string_view bytes) { append(bytes); }
  Body(Body&& other) noexcept { swap(other); }
  Body& operator=(Body&& other) noexcept {
    swap(other);
    return *this;
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  size_t capacity() const { return capacity_; }
  const char* data() const { return data_.get(); }
  std::string_view view() const { return {data_.get(), size_}; }

  /// Makes room for `bytes` in all (plus padding).
  void reserve(size_t bytes) {
    if (bytes <= capacity_ && data_) return;
    char* grown = static_cast<char*>(std::realloc(data_.release(), bytes + padding_bytes));
    if (!grown) std::abort();
    data_.reset(grown);
    capacity_ = bytes;
  }
  /// Appends, growing by doubling; callers bound the size before they append.
  void append(std::string_view bytes) {
    if (size_ + bytes.size() > capacity_ || !data_) {
      const size_t doubled = capacity_ * 2, needed = size_ + bytes.size();
      reserve(doubled > needed ? doubled : needed);
    }
    if (!bytes.empty()) std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    std::memset(data_.get() + size_, 0, padding_bytes);
  }

 private:
  struct Free {
    void operator()(char* p) const { std::free(p); }
  };
  void swap(Body& other) {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  std::unique_ptr<char, Free> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace penstock
