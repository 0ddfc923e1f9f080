// Owning pointers to libuv handles: dropping one closes the handle, and its memory goes in the
// close callback, as libuv demands. The loop must run once more after the last one is dropped.
#pragma once

#include <uv.h>

#include <memory>

namespace penstock::executor {

template <class Handle>
struct UvClose {
  void operator()(Handle* handle) const {
    auto* base = reinterpret_cast<uv_handle_t*>(handle);
    if (uv_is_closing(base)) return;  // someone closed it by hand: its memory went there
    uv_close(base, [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  }
};

/// A handle of one owner; `data` is the owner's to set.
template <class Handle>
using UvPtr = std::unique_ptr<Handle, UvClose<Handle>>;

}  // namespace penstock::executor
