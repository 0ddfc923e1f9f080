// A list threaded through the things it holds: no allocation, removal from the middle in a step.
// A thing must leave its lists before it dies. One thread.
#pragma once

#include <cassert>
#include <cstddef>

namespace penstock::queue {

template <class T>
struct Link {
  T* before = nullptr;
  T* after = nullptr;
  bool linked = false;
};

template <class T, Link<T> T::*member>
class LinkedList {
 public:
  LinkedList() = default;
  LinkedList(const LinkedList&) = delete;
  LinkedList& operator=(const LinkedList&) = delete;

  bool empty() const { return !first_; }
  size_t size() const { return size_; }
  T* front() const { return first_; }
  static T* after(const T& item) { return (item.*member).after; }

  void push_back(T& item) {
    Link<T>& link = item.*member;
    assert(!link.linked);
    link = {last_, nullptr, true};
    (last_ ? (last_->*member).after : first_) = &item;
    last_ = &item;
    size_++;
  }

  void push_front(T& item) {
    Link<T>& link = item.*member;
    assert(!link.linked);
    link = {nullptr, first_, true};
    (first_ ? (first_->*member).before : last_) = &item;
    first_ = &item;
    size_++;
  }

  void remove(T& item) {
    Link<T>& link = item.*member;
    assert(link.linked);
    (link.before ? (link.before->*member).after : first_) = link.after;
    (link.after ? (link.after->*member).before : last_) = link.before;
    link = {};
    size_--;
  }

 private:
  T* first_ = nullptr;
  T* last_ = nullptr;
  size_t size_ = 0;
};

}  // namespace penstock::queue
