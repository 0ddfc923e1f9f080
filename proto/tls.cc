#include "proto/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>
#include <cstring>

namespace penstock {

struct FreeMethod {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};
struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

/// The bytes' way between OpenSSL and a session: a BIO that reads where the caller's input lies and
/// appends to its output, so that nothing is copied and nothing is kept while a connection idles.
struct TlsPipe {
  static int read(BIO* bio, char* out, int size) {
    auto* session = static_cast<TlsSession*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (session->input_.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const size_t taken = std::min(session->input_.size(), static_cast<size_t>(size));
    std::memcpy(out, session->input_.data(), taken);
    session->input_.remove_prefix(taken);
    return static_cast<int>(taken);
  }

  static int write(BIO* bio, const char* bytes, int size) {
    static_cast<TlsSession*>(BIO_get_data(bio))->output_.append(bytes, static_cast<size_t>(size));
    return size;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static std::unique_ptr<BIO_METHOD, FreeMethod> method() {
    std::unique_ptr<BIO_METHOD, FreeMethod> made(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "penstock"));
    BIO_meth_set_read(made.get(), read);
    BIO_meth_set_write(made.get(), write);
    BIO_meth_set_ctrl(made.get(), control);
    return made;
  }
};

struct TlsContext::Impl {
  std::unique_ptr<BIO_METHOD, FreeMethod> pipe = TlsPipe::method();
  std::unique_ptr<SSL_CTX, FreeContext> ssl;
  std::string alpn_wire;  ///< the protocol with its length in front
};

struct TlsSession::Impl {
  std::unique_ptr<SSL, FreeSsl> ssl;
};

/// OpenSSL's newest reason, its error queue emptied.
static std::string reason() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const char* text = error ? ERR_reason_error_string(error) : nullptr;
  return text ? text : "unknown TLS error";
}

/// Takes http/1.1 (or what was asked for) from the client's offers; none in common is fatal, as RFC
/// 7301 wants it.
static int select_alpn(SSL*, const unsigned char** out, unsigned char* out_size,
                       const unsigned char* in, unsigned in_size, void* wire_text) {
  const auto* wire = static_cast<const std::string*>(wire_text);
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(wire->data()),
                            static_cast<unsigned>(wire->size()), in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void set_common(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
}

static Status load_certificate(SSL_CTX* context, const TlsServerOptions& options) {
  if (SSL_CTX_use_certificate_chain_file(context, options.cert_file.c_str()) != 1) {
    return Status::invalid("certificate " + options.cert_file + ": " + reason());
  }
  if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Status::invalid("key " + options.key_file + ": " + reason());
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return Status::invalid("key " + options.key_file + " does not belong to " + options.cert_file);
  }
  return {};
}

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<TlsContext>> TlsContext::server(const TlsServerOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->ssl.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = impl->ssl.get();
  if (!context) return Status::unavailable("TLS: " + reason());
  set_common(context);
  PENSTOCK_TRY(load_certificate(context, options));
  static constexpr unsigned char kName[] = "penstock";
  SSL_CTX_set_session_id_context(context, kName, sizeof(kName) - 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets: the client keeps it
  SSL_CTX_set_num_tickets(context, 1);
  if (!options.alpn.empty()) {
    impl->alpn_wire = static_cast<char>(options.alpn.size()) + options.alpn;
    SSL_CTX_set_alpn_select_cb(context, select_alpn, &impl->alpn_wire);
  }
  return std::shared_ptr<TlsContext>(new TlsContext(std::move(impl)));
}

Result<std::shared_ptr<TlsContext>> TlsContext::client(const TlsClientOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->ssl.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = impl->ssl.get();
  if (!context) return Status::unavailable("TLS: " + reason());
  set_common(context);
  SSL_CTX_set_verify(context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const bool loaded = options.ca_file.empty()
                          ? SSL_CTX_set_default_verify_paths(context) == 1
                          : SSL_CTX_load_verify_file(context, options.ca_file.c_str()) == 1;
  if (!loaded) return Status::invalid("trusted certificates " + options.ca_file + ": " + reason());
  return std::shared_ptr<TlsContext>(new TlsContext(std::move(impl)));
}

TlsSession::TlsSession(std::shared_ptr<TlsContext> context, std::unique_ptr<Impl> impl)
    : context_(std::move(context)), impl_(std::move(impl)) {
  BIO* bio = BIO_new(context_->impl().pipe.get());
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(impl_->ssl.get(), bio, bio);
}

TlsSession::~TlsSession() = default;

std::unique_ptr<TlsSession> TlsSession::accept(std::shared_ptr<TlsContext> context) {
  auto impl = std::make_unique<Impl>();
  impl->ssl.reset(SSL_new(context->impl().ssl.get()));
  SSL_set_accept_state(impl->ssl.get());
  return std::unique_ptr<TlsSession>(new TlsSession(std::move(context), std::move(impl)));
}

std::unique_ptr<TlsSession> TlsSession::connect(std::shared_ptr<TlsContext> context,
                                                const std::string& host) {
  auto impl = std::make_unique<Impl>();
  SSL* ssl = SSL_new(context->impl().ssl.get());
  impl->ssl.reset(ssl);
  SSL_set_connect_state(ssl);
  // An address is checked as one and, by RFC 6066, never sent as a server name.
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) != 1) {
    SSL_set_tlsext_host_name(ssl, host.c_str());
    SSL_set1_host(ssl, host.c_str());
  }
  return std::unique_ptr<TlsSession>(new TlsSession(std::move(context), std::move(impl)));
}

void TlsSession::feed(std::string_view ciphertext) {
  input_ = ciphertext;
}

Status TlsSession::handshake() {
  ERR_clear_error();
  const int done = SSL_do_handshake(impl_->ssl.get());
  established_ = done == 1;
  if (established_ || SSL_get_error(impl_->ssl.get(), done) == SSL_ERROR_WANT_READ) return {};
  return Status::io("TLS handshake: " + reason());
}

Result<size_t> TlsSession::read(char* out, size_t size) {
  if (!established_) {
    PENSTOCK_TRY(handshake());
    if (!established_) return size_t{0};
  }
  ERR_clear_error();
  size_t got = 0;
  if (SSL_read_ex(impl_->ssl.get(), out, size, &got) == 1) return got;
  switch (SSL_get_error(impl_->ssl.get(), 0)) {
    case SSL_ERROR_WANT_READ:
      return size_t{0};
    case SSL_ERROR_ZERO_RETURN:
      peer_closed_ = true;
      return size_t{0};
    default:
      return Status::io("TLS: " + reason());
  }
}

Status TlsSession::write(std::string_view plaintext) {
  ERR_clear_error();
  size_t written = 0;
  if (plaintext.empty()) return {};
  const int done = SSL_write_ex(impl_->ssl.get(), plaintext.data(), plaintext.size(), &written);
  return done == 1 ? Status() : Status::io("TLS: " + reason());
}

void TlsSession::shutdown() {
  ERR_clear_error();
  if (established_) SSL_shutdown(impl_->ssl.get());
  ERR_clear_error();
}

bool TlsSession::resumed() const {
  return SSL_session_reused(impl_->ssl.get()) == 1;
}

std::string_view TlsSession::alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(impl_->ssl.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace penstock
