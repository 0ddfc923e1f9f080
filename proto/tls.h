// TLS without sockets: bytes go in, bytes come out, and whoever owns the socket moves them. OpenSSL
// stays in tls.cc. Servers (the HTTP front end, the executors' link) and clients alike.
//
// Lifecycle: one TlsContext per certificate or trust store, shared by its sessions; one TlsSession
// a connection. To reload a certificate, make a new context and give it to new sessions: the old
// ones keep theirs. Thread: a context may be shared, a session belongs to one thread. Limitations:
// TLS 1.2 and 1.3 only, no renegotiation, no early data, no client certificates.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "proto/status.h"

namespace penstock {

/// What a server shows: PEM files, the chain included.
struct TlsServerOptions {
  std::string cert_file;
  std::string key_file;
  std::string alpn;  ///< the one protocol to agree on, e.g. "http/1.1"; "": none
};

/// Whom a client trusts.
struct TlsClientOptions {
  std::string ca_file;  ///< PEM; "": the system's trust store
  bool verify = true;
};

class TlsContext {
 public:
  /// Fault: kInvalid with the file and the reason.
  static Result<std::shared_ptr<TlsContext>> server(const TlsServerOptions& options);
  static Result<std::shared_ptr<TlsContext>> client(const TlsClientOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  struct Impl;
  Impl& impl() const { return *impl_; }

 private:
  explicit TlsContext(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class TlsSession {
 public:
  /// The server's end of a connection.
  static std::unique_ptr<TlsSession> accept(std::shared_ptr<TlsContext> context);
  /// The client's end; `host` is the name the certificate must carry, and SNI.
  static std::unique_ptr<TlsSession> connect(std::shared_ptr<TlsContext> context,
                                             const std::string& host);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Gives the bytes that came from the socket. They must outlive the read() calls that follow, up
  /// to the one that returns 0, which takes the last of them. A client calls it with "" to begin.
  void feed(std::string_view ciphertext);
  /// Decrypts into `out`; 0: no more for now. Drives the handshake too, so look at output() after
  /// it. Fault: the peer broke the protocol or is not trusted; close behind the output.
  Result<size_t> read(char* out, size_t size);
  /// Encrypts; only once established(). The ciphertext is appended to output().
  Status write(std::string_view plaintext);
  /// Says that we write no more (close_notify).
  void shutdown();

  /// The bytes that are to go to the socket; move them out or clear them when they went.
  std::string& output() { return output_; }
  bool established() const { return established_; }
  /// The peer said that it writes no more.
  bool peer_closed() const { return peer_closed_; }
  /// Whether the handshake resumed an earlier session.
  bool resumed() const;
  /// The agreed protocol, "" when none.
  std::string_view alpn() const;

 private:
  struct Impl;
  TlsSession(std::shared_ptr<TlsContext> context, std::unique_ptr<Impl> impl);
  Status handshake();
  friend struct TlsPipe;

  std::shared_ptr<TlsContext> context_;
  std::unique_ptr<Impl> impl_;
  std::string_view input_;
  std::string output_;
  bool established_ = false;
  bool peer_closed_ = false;
};

}  // namespace penstock
