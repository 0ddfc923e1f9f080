// The gateway's start: executors and listeners.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

#include "gateway/app/gateway.h"
#include "gateway/app/serve.h"

namespace penstock::gateway {

static constexpr size_t kSocketPathMax = 100;  // sockaddr_un holds 107

static std::string own_folder() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  const std::string self(path, size > 0 ? static_cast<size_t>(size) : 0);
  return self.substr(0, self.rfind('/'));
}

std::string Gateway::worker_socket() const {
  const std::string path = config_.data + "/executors.sock";
  if (path.size() <= kSocketPathMax) return path;
  char folder[] = "/tmp/penstock-XXXXXX";  // a deep data folder: its path does not fit the address
  return (mkdtemp(folder) ? std::string(folder) : std::string("/tmp")) + "/executors.sock";
}

static Result<std::string> read_token(const std::string& file) {
  std::ifstream in(file);
  std::string token;
  if (!in || !std::getline(in, token) || token.size() < 16)
    return Status::invalid("worker_token_file must hold a token of at least 16 characters: " +
                           file);
  return token;
}

Status Gateway::start_workers() {
  const std::string socket = worker_socket();
  PENSTOCK_TRY(workers_->listen_unix(socket));
  if (config_.worker_listen.is_set()) {
    auto token = read_token(config_.worker_token_file);
    if (!token.ok()) return token.status();
    std::shared_ptr<TlsContext> tls;
    if (!config_.worker_tls_cert.empty()) {
      auto made = TlsContext::server({config_.worker_tls_cert, config_.worker_tls_key, ""});
      if (!made.ok()) return made.status();
      tls = std::move(*made);
    }
    PENSTOCK_TRY(workers_->listen_tcp(config_.worker_listen, *token, std::move(tls)));
  }
  SupervisorOptions options;
  options.program = own_folder() + "/penstock-executor";
  options.processes = config_.executors;
  options.arguments = {"--connect", "unix:" + socket, "--slots",
                       std::to_string(config_.executor_slots)};
  for (const std::string& range : config_.allow_egress)
    options.arguments.insert(options.arguments.end(), {"--allow-egress", range});
  for (const std::string& rule : config_.resolve)
    options.arguments.insert(options.arguments.end(), {"--resolve", rule});
  for (const std::string& word : config_.allow_run)
    options.arguments.insert(options.arguments.end(), {"--allow-run", word});
  options.arguments.insert(options.arguments.end(),
                           {"--chat-concurrency", std::to_string(config_.chat_concurrency),
                            "--chat-per-minute", std::to_string(config_.chat_per_minute)});
  if (!config_.cacert.empty())
    options.arguments.insert(options.arguments.end(), {"--cacert", config_.cacert});
  if (access(options.program.c_str(), X_OK) != 0 && options.processes > 0)
    return Status::invalid("no executor program at " + options.program);
  supervisor_ = std::make_unique<Supervisor>(&loop_, options, clock_, log_);
  workers_->on_silent([this](uint32_t pid) { supervisor_->kill(pid); });
  supervisor_->start();
  return Status();
}

static ListenOptions listen_options(const Address& address, const std::string& cert,
                                    const std::string& key) {
  ListenOptions options;
  options.host = address.host;
  options.port = address.port;
  if (!cert.empty()) options.tls = TlsFiles{cert, key};
  return options;
}

Status Gateway::start_listeners() {
  PENSTOCK_TRY(server_->listen(listen_options(config_.listen, config_.tls_cert, config_.tls_key),
                               *senders_));
  PENSTOCK_TRY(server_->listen(
      listen_options(config_.admin_listen, config_.admin_tls_cert, config_.admin_tls_key),
      *operators_));
  log_.info("listening",
            {{"senders", Address{config_.listen.host, server_->bound_port(0)}.text()},
             {"operators", Address{config_.admin_listen.host, server_->bound_port(1)}.text()},
             {"data", config_.data},
             {"version", PENSTOCK_VERSION}});
  return Status();
}

/// Every connection is a descriptor; the default soft limit of 1024 would stop far below ours.
static void raise_descriptor_limit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// No core file and no other process of our user gets to see the secrets in our memory.
static void keep_memory_private() {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

int serve(const Config& config, Logger& log) {
  std::signal(SIGPIPE, SIG_IGN);
  keep_memory_private();
  raise_descriptor_limit();
  Gateway gateway(config, log);
  if (const Status started = gateway.start(); !started.ok()) {
    log.error("cannot start", {{"why", started.message()}});
    return 1;
  }
  return gateway.run();
}

}  // namespace penstock::gateway
