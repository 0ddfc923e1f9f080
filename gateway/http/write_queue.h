// Bytes on their way out of one connection, in as few pieces as possible: small ones are gathered,
// large ones moved in whole. Keeps no memory when empty. Loop thread, no I/O.
#pragma once

#include <uv.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::gateway {

class WriteQueue {
 public:
  /// Copies `bytes` behind what is there.
  void append(std::string_view bytes);
  /// The same, but large bytes are moved in.
  void append(std::string&& bytes);

  bool empty() const { return bytes_ == 0; }
  size_t size() const { return bytes_; }
  size_t pieces() const { return pieces_.size() - first_; }
  /// Fills `out` with the first pieces, at most `max`, and returns how many.
  size_t buffers(uv_buf_t* out, size_t max) const;
  /// Takes written bytes off the front.
  void consume(size_t bytes);
  /// Encrypting and the like: the first piece that is not gone.
  std::string_view front() const { return std::string_view(pieces_[first_]).substr(sent_); }

 private:
  std::vector<std::string> pieces_;
  size_t first_ = 0;  ///< the first piece that is not gone
  size_t sent_ = 0;   ///< bytes of it that are gone
  size_t bytes_ = 0;
};

}  // namespace penstock::gateway
