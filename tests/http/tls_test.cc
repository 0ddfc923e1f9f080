#include "proto/tls.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "tests/http/certificate.h"
#include "tests/http/world.h"

namespace penstock::gateway::test {
namespace {

/// A TLS client over a raw one, by plain OpenSSL so that tests can ask for odd things.
class TlsClient {
 public:
  explicit TlsClient(World& world, int version_max = 0, std::string_view alpn = {},
                     SSL_SESSION* resume = nullptr)
      : raw_(world), context_(SSL_CTX_new(TLS_client_method())) {
    if (version_max == TLS1_1_VERSION) SSL_CTX_set_cipher_list(context_, "ALL:@SECLEVEL=0");
    if (version_max) SSL_CTX_set_max_proto_version(context_, version_max);
    ssl_ = SSL_new(context_);
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_);
    if (!alpn.empty()) {
      SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
    }
    if (resume) SSL_set_session(ssl_, resume);
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }

  bool handshake() {
    for (int i = 0; i < 10; i++) {
      const int done = SSL_do_handshake(ssl_);
      exchange();
      if (done == 1) return true;
      if (raw_.has_ended()) return false;
    }
    return false;
  }
  void send(std::string_view bytes) {
    SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    exchange();
  }
  std::string take() {
    std::string out;
    char buffer[4096];
    for (int i = 0; i < 3; i++) {
      for (int n; (n = SSL_read(ssl_, buffer, sizeof(buffer))) > 0;)
        out.append(buffer, static_cast<size_t>(n));
      exchange();
    }
    return out;
  }
  void end() {
    SSL_shutdown(ssl_);
    exchange();
  }
  SSL* ssl() const { return ssl_; }
  Client& raw() { return raw_; }

 private:
  void exchange() {
    char* out = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl_), &out);
    raw_.send(std::string_view(out, static_cast<size_t>(size)));
    BIO_reset(SSL_get_wbio(ssl_));
    const std::string in = raw_.take();
    BIO_write(SSL_get_rbio(ssl_), in.data(), static_cast<int>(in.size()));
  }

  Client raw_;
  SSL_CTX* context_;
  SSL* ssl_;
};

long serial_seen(TlsClient& client) {
  X509* certificate = SSL_get1_peer_certificate(client.ssl());
  const long serial = ASN1_INTEGER_get(X509_get0_serialNumber(certificate));
  X509_free(certificate);
  return serial;
}

TEST_CASE("requests over TLS are answered, by 1.2 and 1.3") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(world, version);
    REQUIRE(client.handshake());
    client.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    const std::string got = client.take();
    CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(got.ends_with("\r\n\r\nhello"));
  }
}

TEST_CASE("large bodies pass through TLS in both directions") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  TlsClient client(world);
  REQUIRE(client.handshake());
  std::string body(60'000, 'x');
  for (size_t i = 0; i < body.size(); i++) body[i] = static_cast<char>('a' + i % 23);
  client.send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + body);
  CHECK(client.take().ends_with(body));
}

TEST_CASE("TLS 1.1 is refused") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  TlsClient client(world, TLS1_1_VERSION);
  CHECK_FALSE(client.handshake());
}

TEST_CASE("http/1.1 is agreed on by ALPN, and a client that wants only h2 is refused") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  TlsClient both(world, 0, "\x02h2\x08http/1.1");
  REQUIRE(both.handshake());
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(both.ssl(), &name, &size);
  CHECK(std::string(reinterpret_cast<const char*>(name), size) == "http/1.1");
  TlsClient only(world, 0, "\x02h2");
  CHECK_FALSE(only.handshake());
}

TEST_CASE("a session is resumed") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient first(world, version);
    REQUIRE(first.handshake());
    first.send(kGet);
    first.take();  // the ticket of 1.3 comes behind the handshake
    SSL_SESSION* session = SSL_get1_session(first.ssl());
    first.end();
    TlsClient second(world, version, {}, session);
    REQUIRE(second.handshake());
    CHECK(SSL_session_reused(second.ssl()) == 1);
    SSL_SESSION_free(session);
  }
}

TEST_CASE("a reloaded certificate is shown to new clients, and a broken one changes nothing") {
  Certificate certificate("localhost");
  World world({}, certificate.files());
  TlsClient before(world);
  REQUIRE(before.handshake());
  CHECK(serial_seen(before) == 1);
  certificate.renew(2);
  REQUIRE(world.server->reload_tls().ok());
  TlsClient after(world);
  REQUIRE(after.handshake());
  CHECK(serial_seen(after) == 2);
  certificate.spoil();
  const Status status = world.server->reload_tls();
  CHECK(status.fault() == Fault::kInvalid);
  CHECK(status.message().find(certificate.cert_file()) != std::string::npos);
  TlsClient still(world);
  REQUIRE(still.handshake());
  CHECK(serial_seen(still) == 2);
  before.send(kGet);
  CHECK(before.take().starts_with("HTTP/1.1 200"));
}

TEST_CASE("plain HTTP to the TLS port ends the connection") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  Client client(world);
  client.send(kGet);
  CHECK(client.ended());
}

TEST_CASE("a handshake that does not go on is closed") {
  const Certificate certificate("localhost");
  ServerLimits limits;
  limits.head_ms_max = 30;
  World world(limits, certificate.files());
  Client client(world);
  client.send(std::string_view("\x16\x03\x01\x02", 4));
  CHECK(client.ended());
}

TEST_CASE("a last answer over TLS ends with close_notify, so it cannot be cut unseen") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  TlsClient client(world);
  REQUIRE(client.handshake());
  client.send("GET /e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(client.take().starts_with("HTTP/1.1 200"));
  CHECK((SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN) != 0);
  CHECK(client.raw().ended());
}

TEST_CASE("a pipeline over TLS beyond the limit waits and is then answered whole") {
  const Certificate certificate("localhost");
  ServerLimits limits;
  limits.pipelined_requests_max = 2;
  World world(limits, certificate.files());
  TlsClient client(world);
  REQUIRE(client.handshake());
  std::string requests;
  for (int i = 0; i < 6; i++) requests += "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(requests);
  client.end();
  CHECK(world.handler.held.size() == 2);
  for (size_t i = 0; i < 6; i++) {
    REQUIRE(world.handler.held.size() > i);
    world.server->respond(world.handler.held[i], Response());
    world.turn();
  }
  CHECK(world.server->metrics().responses_by_class[2] == 6);
}

TEST_CASE("many TLS connections at once are all answered") {
  const Certificate certificate("localhost");
  World world({}, certificate.files());
  std::vector<std::unique_ptr<TlsClient>> clients;
  for (int i = 0; i < 200; i++) {
    clients.push_back(std::make_unique<TlsClient>(world));
    REQUIRE(clients.back()->handshake());
  }
  for (const auto& client : clients) {
    client->send(kGet);
    CHECK(client->take().starts_with("HTTP/1.1 200"));
  }
}

/// Moves bytes between two sessions until neither has any; false: one of them failed.
bool converse(TlsSession& client, TlsSession& server, std::string& at_server) {
  char buffer[4096];
  std::string to_server, to_client;
  client.feed("");
  for (int i = 0; i < 8; i++) {
    client.feed(to_client);
    for (;;) {
      const auto got = client.read(buffer, sizeof(buffer));
      if (!got.ok()) return false;
      if (*got == 0) break;
    }
    to_client.clear();
    to_server = std::exchange(client.output(), {});
    server.feed(to_server);
    for (;;) {
      const auto got = server.read(buffer, sizeof(buffer));
      if (!got.ok()) return false;
      if (*got == 0) break;
      at_server.append(buffer, *got);
    }
    to_client = std::exchange(server.output(), {});
  }
  return true;
}

struct Pair {
  Pair(const Certificate& certificate, const TlsClientOptions& trust, const std::string& host) {
    auto server_context = TlsContext::server({certificate.cert_file(), certificate.key_file(), ""});
    auto client_context = TlsContext::client(trust);
    REQUIRE(server_context.ok());
    REQUIRE(client_context.ok());
    server = TlsSession::accept(*server_context);
    client = TlsSession::connect(*client_context, host);
  }
  std::unique_ptr<TlsSession> server, client;
};

TEST_CASE("a client session trusts its certificate and sends to a server session") {
  for (const std::string name : {"worker.example", "127.0.0.1"}) {
    const Certificate certificate(name);
    Pair pair(certificate, {certificate.cert_file()}, name);
    std::string seen;
    REQUIRE(converse(*pair.client, *pair.server, seen));
    REQUIRE(pair.client->established());
    REQUIRE(pair.client->write("frame").ok());
    REQUIRE(converse(*pair.client, *pair.server, seen));
    CHECK(seen == "frame");
    pair.client->shutdown();
    REQUIRE(converse(*pair.client, *pair.server, seen));
    CHECK(pair.server->peer_closed());
  }
}

TEST_CASE("a client session refuses another name, another issuer") {
  const Certificate certificate("worker.example"), other("worker.example");
  std::string seen;
  Pair wrong_name(certificate, {certificate.cert_file()}, "gateway.example");
  CHECK_FALSE(converse(*wrong_name.client, *wrong_name.server, seen));
  Pair wrong_issuer(certificate, {other.cert_file()}, "worker.example");
  CHECK_FALSE(converse(*wrong_issuer.client, *wrong_issuer.server, seen));
}

TEST_CASE("a missing certificate file and a wrong key are faults that name them") {
  const Certificate one("a.example"), two("b.example");
  CHECK(TlsContext::server({"/nonexistent.pem", one.key_file(), ""})
            .status()
            .message()
            .find("/nonexistent.pem") != std::string::npos);
  CHECK(TlsContext::server({one.cert_file(), two.key_file(), ""}).status().fault() ==
        Fault::kInvalid);
  CHECK(TlsContext::client({"/nonexistent.pem"}).status().fault() == Fault::kInvalid);
}

}  // namespace
}  // namespace penstock::gateway::test
