#include "executor/process/child_process.h"

#include <signal.h>

#include <cstring>

#include "executor/process/folder.h"
#include "proto/limits.h"

namespace penstock::executor {
namespace {

UvPtr<uv_pipe_t> new_pipe(uv_loop_t* loop, void* owner) {
  UvPtr<uv_pipe_t> pipe(new uv_pipe_t);
  uv_pipe_init(loop, pipe.get(), 0);
  pipe->data = owner;
  return pipe;
}

uv_stdio_container_t piped(uv_pipe_t* pipe, int flags) {
  uv_stdio_container_t made;
  made.flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | flags);
  made.data.stream = reinterpret_cast<uv_stream_t*>(pipe);
  return made;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> made;
  for (std::string& text : texts) made.push_back(text.data());
  made.push_back(nullptr);
  return made;
}

}  // namespace

struct ChildProcess::Write {
  uv_write_t request;
  std::string bytes;
};

ChildProcess::ChildProcess(uv_loop_t* loop, ProcessRequest request, std::string folder)
    : loop_(loop), request_(std::move(request)), folder_(std::move(folder)) {}

Status ChildProcess::spawn(const std::vector<std::string>& wrapper, const std::string& program,
                           bool network) {
  in_ = new_pipe(loop_, this);
  out_ = new_pipe(loop_, this);
  err_ = new_pipe(loop_, this);
  std::vector<std::string> arguments = wrapper;
  arguments.insert(arguments.end(), {folder_, network ? "network" : "offline", program});
  arguments.insert(arguments.end(), request_.command.begin() + 1, request_.command.end());
  std::vector<std::string> environment = {std::string("PATH=") + kProcessPath, "HOME=" + folder_,
                                          "TMPDIR=" + folder_, "LANG=C.UTF-8"};
  for (const auto& [name, value] : request_.environment) environment.push_back(name + "=" + value);
  std::vector<char*> argv = pointers(arguments), env = pointers(environment);
  // Its child may read and write these as pipes, not more.
  uv_stdio_container_t stdio[] = {piped(in_.get(), UV_READABLE_PIPE),
                                  piped(out_.get(), UV_WRITABLE_PIPE),
                                  piped(err_.get(), UV_WRITABLE_PIPE)};
  uv_process_options_t options{};
  options.exit_cb = &ChildProcess::on_exit;
  options.file = argv[0];
  options.args = argv.data();
  options.env = env.data();
  options.flags = UV_PROCESS_DETACHED;  // a group of its own, by which all of it is ended
  options.stdio_count = 3;
  options.stdio = stdio;
  process_.reset(new uv_process_t);
  process_->data = this;
  const int error = uv_spawn(loop_, process_.get(), &options);
  if (error != 0) return Status::io(std::string("cannot start it: ") + uv_strerror(error));
  pid_ = process_->pid;
  uv_read_start(reinterpret_cast<uv_stream_t*>(out_.get()), &on_room, &on_read);
  uv_read_start(reinterpret_cast<uv_stream_t*>(err_.get()), &on_room, &on_read);
  write(std::exchange(request_.input, {}));
  if (!request_.conversation) {  // the end of its input, behind what is still to be written
    auto* shutdown = new uv_shutdown_t;
    const auto done = [](uv_shutdown_t* request, int) { delete request; };
    if (uv_shutdown(shutdown, reinterpret_cast<uv_stream_t*>(in_.get()), done) != 0) {
      delete shutdown;
      in_.reset();
    }
  }
  return Status();
}

void ChildProcess::write(std::string bytes) {
  if (bytes.empty() || !in_) return;
  auto* write = new Write{{}, std::move(bytes)};
  write->request.data = write;
  const uv_buf_t buffer =
      uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  const auto done = [](uv_write_t* request, int) { delete static_cast<Write*>(request->data); };
  const int error =
      uv_write(&write->request, reinterpret_cast<uv_stream_t*>(in_.get()), &buffer, 1, done);
  if (error != 0) delete write;  // it reads no more; its end tells why
}

void ChildProcess::on_room(uv_handle_t* pipe, size_t, uv_buf_t* buffer) {
  static constexpr size_t kRoomBytes = 64 * 1024;
  (void)pipe;
  *buffer = uv_buf_init(new char[kRoomBytes], kRoomBytes);
}

void ChildProcess::on_read(uv_stream_t* pipe, ssize_t size, const uv_buf_t* buffer) {
  const std::unique_ptr<char[]> owned(buffer->base);
  auto* self = static_cast<ChildProcess*>(pipe->data);
  const bool is_out = pipe == reinterpret_cast<uv_stream_t*>(self->out_.get());
  if (size > 0) self->keep(is_out, buffer->base, static_cast<size_t>(size));
  if (size >= 0) return;
  uv_read_stop(pipe);
  (is_out ? self->out_open_ : self->err_open_) = false;
}

void ChildProcess::keep(bool is_out, const char* bytes, size_t size) {
  kept_bytes_ += size;
  if (kept_bytes_ > limits::run_output_bytes_max) {
    return end("it wrote more than " + std::to_string(limits::run_output_bytes_max >> 20) + " MiB");
  }
  if (!is_out) {
    reply_.err.append(bytes, size);
  } else if (request_.conversation) {
    said_.append(bytes, size);
  } else {
    reply_.out.append(bytes, size);
  }
}

void ChildProcess::on_exit(uv_process_t* process, int64_t code, int signal) {
  auto* self = static_cast<ChildProcess*>(process->data);
  self->exited_ = true;
  self->reply_.exit_code = signal ? 128 + signal : static_cast<int>(code);
  self->kill_group();  // what it left behind would hold its pipes open
}

void ChildProcess::end(std::string fault) {
  if (reply_.fault.empty()) reply_.fault = std::move(fault);
  kill_group();
}

void ChildProcess::kill_group() {
  if (pid_ > 0) ::kill(-pid_, SIGKILL);
}

}  // namespace penstock::executor
