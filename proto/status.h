// What went wrong, as a value. A bad request is not a Status but a Rejected (see problem.h); a bug
// is an assert. Copyable, any thread.
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace penstock {

/// The kinds of fault the callers tell apart.
enum class Fault {
  kOk,
  kInvalid,      ///< the input is wrong; message says where and what to do
  kNotFound,
  kCorrupt,      ///< stored or received bytes fail their check
  kIo,           ///< the disk or the network failed
  kFull,         ///< a bound was reached
  kUnavailable,  ///< not now: draining, healing, no executor
  kTimeout,
  kUnsupported,
};

/// Success, or a fault with a sentence for people.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Fault fault, std::string message) : fault_(fault), message_(std::move(message)) {}

  static Status invalid(std::string m) { return {Fault::kInvalid, std::move(m)}; }
  static Status not_found(std::string m) { return {Fault::kNotFound, std::move(m)}; }
  static Status corrupt(std::string m) { return {Fault::kCorrupt, std::move(m)}; }
  static Status io(std::string m) { return {Fault::kIo, std::move(m)}; }
  static Status full(std::string m) { return {Fault::kFull, std::move(m)}; }
  static Status unavailable(std::string m) { return {Fault::kUnavailable, std::move(m)}; }
  static Status timeout(std::string m) { return {Fault::kTimeout, std::move(m)}; }
  static Status unsupported(std::string m) { return {Fault::kUnsupported, std::move(m)}; }

  bool ok() const { return fault_ == Fault::kOk; }
  explicit operator bool() const { return ok(); }
  Fault fault() const { return fault_; }
  const std::string& message() const { return message_; }

 private:
  Fault fault_ = Fault::kOk;
  std::string message_;
};

/// A T, or why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {
    assert(!std::get<1>(state_).ok());
  }

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  /// The fault; Status() when there is a value.
  Status status() const { return ok() ? Status() : std::get<1>(state_); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace penstock

/// Returns from the enclosing function when `expr` is a fault.
#define PENSTOCK_TRY(expr)                                  \
  do {                                                      \
    if (::penstock::Status try_status = (expr); !try_status.ok()) return try_status; \
  } while (0)
