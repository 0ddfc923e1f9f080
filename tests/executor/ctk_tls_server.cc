#include "tests/executor/ctk_tls_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

namespace penstock::executor {
namespace {

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by itself: certificate and authority in one.
X509* make_certificate(EVP_PKEY* key, const std::vector<std::string>& hosts) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24 * 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("stub"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  std::string names;
  for (const std::string& host : hosts) names += (names.empty() ? "DNS:" : ",DNS:") + host;
  add_extension(certificate, NID_subject_alt_name, names);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate, key, EVP_sha256());
  return certificate;
}

}  // namespace

TlsStub::TlsStub(const std::vector<std::string>& hosts, const std::string& ca_file, Handler handler)
    : handler_(std::move(handler)), context_(SSL_CTX_new(TLS_server_method())) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = make_certificate(key, hosts);
  SSL_CTX_use_certificate(context_, certificate);
  SSL_CTX_use_PrivateKey(context_, key);
  if (FILE* file = std::fopen(ca_file.c_str(), "w")) {
    PEM_write_X509(file, certificate);
    std::fclose(file);
  }
  X509_free(certificate);
  EVP_PKEY_free(key);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  listen(listener_, 16);
  socklen_t size = sizeof(address);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

TlsStub::~TlsStub() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  SSL_CTX_free(context_);
}

// A thread a connection: branches of a fork call at the same time.
void TlsStub::accept_all() {
  std::vector<std::thread> connections;
  while (!stopping_) {
    const int socket = accept(listener_, nullptr, nullptr);
    if (socket >= 0) connections.emplace_back([this, socket] { serve(socket); });
  }
  for (std::thread& connection : connections) connection.join();
}

// The length of the body that follows the head; the kit itself sends none.
static size_t body_length(const std::string& head) {
  const size_t at = head.find("Content-Length: ");
  return at == head.npos ? 0 : std::stoul(head.substr(at + 16));
}

void TlsStub::serve(int socket) {
  SSL* tls = SSL_new(context_);
  SSL_set_fd(tls, socket);
  std::string input;
  char bytes[8192];
  bool alive = SSL_accept(tls) == 1;
  while (alive) {
    const size_t end = input.find("\r\n\r\n");
    const size_t whole = end == input.npos ? 0 : end + 4 + body_length(input.substr(0, end + 2));
    if (end == input.npos || input.size() < whole) {
      const int got = SSL_read(tls, bytes, sizeof(bytes));
      alive = got > 0;
      if (alive) input.append(bytes, static_cast<size_t>(got));
      continue;
    }
    const size_t space = input.find(' '), second = input.find(' ', space + 1);
    const Answer answer =
        handler_({input.substr(0, space), input.substr(space + 1, second - space - 1),
                  input.substr(0, end + 2), input.substr(end + 4, whole - end - 4)});
    input.erase(0, whole);
    const std::string reply = "HTTP/1.1 " + std::to_string(answer.status) +
                              " X\r\nContent-Type: application/json\r\nContent-Length: " +
                              std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
    alive = SSL_write(tls, reply.data(), static_cast<int>(reply.size())) > 0;
  }
  SSL_free(tls);
  close(socket);
}

}  // namespace penstock::executor
