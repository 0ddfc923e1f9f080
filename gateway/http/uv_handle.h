// Owns a libuv handle on the heap: closed when the owner lets go, its memory freed in the close
// callback, as libuv demands. Callbacks that still come find data == nullptr.
//
// Lifecycle: the loop must run on after the last owner is gone, or the memory is never freed.
// Thread: the loop's. Limitations: T is one of libuv's handle structs.
#pragma once

#include <uv.h>

#include <utility>

namespace penstock::gateway {

template <class T>
class UvHandle {
 public:
  /// A handle that is not initialised yet; call one of libuv's init functions with get().
  UvHandle() : handle_(new T()) {}
  ~UvHandle() { reset(); }
  UvHandle(UvHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  UvHandle& operator=(UvHandle&&) = delete;

  T* get() const { return handle_; }
  uv_handle_t* base() const { return reinterpret_cast<uv_handle_t*>(handle_); }
  uv_stream_t* stream() const { return reinterpret_cast<uv_stream_t*>(handle_); }
  explicit operator bool() const { return handle_ != nullptr; }

  /// Closes it now.
  void reset() {
    if (!handle_) return;
    base()->data = nullptr;
    if (base()->type == UV_UNKNOWN_HANDLE) {
      delete handle_;
    } else {
      uv_close(base(), free);
    }
    handle_ = nullptr;
  }

 private:
  static void free(uv_handle_t* handle) { delete reinterpret_cast<T*>(handle); }
  T* handle_;
};

}  // namespace penstock::gateway
