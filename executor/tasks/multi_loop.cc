#include "executor/tasks/multi_loop.h"

#include <cassert>

namespace penstock::executor {

// With those in use: beyond it what is not used any more is closed at once.
static constexpr long kConnectionsMax = 2 * MultiLoop::kTransfersMax;

MultiLoop::MultiLoop(uv_loop_t* loop) : loop_(loop), multi_(curl_multi_init()), used_ms_(uv_now(loop)) {
  timer_.reset(new uv_timer_t);
  uv_timer_init(loop_, timer_.get());
  timer_->data = this;
  acted_.reset(new uv_idle_t);
  uv_idle_init(loop_, acted_.get());
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &MultiLoop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &MultiLoop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsMax);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
}

MultiLoop::~MultiLoop() {
  curl_multi_cleanup(multi_);
}

void MultiLoop::add(CURL* easy) {
  transfers_++;
  curl_multi_add_handle(multi_, easy);
}

void MultiLoop::remove(CURL* easy) {
  transfers_--;
  used_ms_ = uv_now(loop_);
  curl_multi_remove_handle(multi_, easy);
}

std::vector<MultiLoop::Done> MultiLoop::take_done() {
  std::vector<Done> done;
  uv_idle_stop(acted_.get());
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) done.push_back({message->easy_handle, message->data.result});
  }
  return done;
}

int MultiLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  static_cast<MultiLoop*>(self)->watch(socket, what);
  return 0;
}

void MultiLoop::watch(curl_socket_t socket, int what) {
  if (what == CURL_POLL_REMOVE) {
    polls_.erase(socket);
    return;
  }
  UvPtr<uv_poll_t>& poll = polls_[socket];
  if (!poll) {
    poll.reset(new uv_poll_t);
    uv_poll_init_socket(loop_, poll.get(), socket);
    poll->data = this;
  }
  int events = 0;
  if (what & CURL_POLL_IN) events |= UV_READABLE;
  if (what & CURL_POLL_OUT) events |= UV_WRITABLE;
  uv_poll_start(poll.get(), events, &MultiLoop::on_poll);
}

int MultiLoop::on_timer(CURLM*, long timeout_ms, void* self) {
  uv_timer_t* timer = static_cast<MultiLoop*>(self)->timer_.get();
  if (!timer) return 0;
  if (timeout_ms < 0) {
    uv_timer_stop(timer);
  } else {
    // Never act from inside libcurl: a zero timeout runs in the next turn.
    uv_timer_start(timer, &MultiLoop::on_timeout, static_cast<uint64_t>(timeout_ms), 0);
  }
  return 0;
}

void MultiLoop::on_timeout(uv_timer_t* timer) {
  static_cast<MultiLoop*>(timer->data)->act(CURL_SOCKET_TIMEOUT, 0);
}

void MultiLoop::on_poll(uv_poll_t* poll, int status, int events) {
  int flags = 0;
  if (status < 0) flags = CURL_CSELECT_ERR;
  if (events & UV_READABLE) flags |= CURL_CSELECT_IN;
  if (events & UV_WRITABLE) flags |= CURL_CSELECT_OUT;
  uv_os_fd_t socket;
  if (uv_fileno(reinterpret_cast<uv_handle_t*>(poll), &socket) != 0) return;
  static_cast<MultiLoop*>(poll->data)->act(socket, flags);
}

void MultiLoop::act(curl_socket_t socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  uv_idle_start(acted_.get(), [](uv_idle_t*) {});
}

}  // namespace penstock::executor
