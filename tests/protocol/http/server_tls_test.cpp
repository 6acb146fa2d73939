#include "protocol/http/server.hpp"
#include "tests/protocol/http/loopback_client.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace assistly::http {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using file_ptr = std::unique_ptr<std::FILE, freed_by<std::fclose>>;
using context_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;

void write_key(EVP_PKEY* key, const std::string& path) {
  const file_ptr file{std::fopen(path.c_str(), "w")};
  ASSERT_EQ(PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr,
                                 nullptr),
            1);
}

void write_certificate(EVP_PKEY* key, const std::string& path) {
  const certificate_ptr made{X509_new()};
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key);
  auto* const name = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(
    name, "CN", MBSTRING_ASC,
    reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(made.get(), name);
  ASSERT_GT(X509_sign(made.get(), key, EVP_sha256()), 0);
  const file_ptr file{std::fopen(path.c_str(), "w")};
  ASSERT_EQ(PEM_write_X509(file.get(), made.get()), 1);
}

class tls_server : public testing::Test {
protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tls-XXXXXX");
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    const key_ptr key{EVP_EC_gen("P-256")};
    ASSERT_TRUE(key);
    write_key(key.get(), name + "/key.pem");
    write_certificate(key.get(), name + "/certificate.pem");
    const key_ptr other{EVP_EC_gen("P-256")};
    write_key(other.get(), name + "/other.pem");
    options_.listen = "127.0.0.1:0";
    options_.tls_certificate_file = name + "/certificate.pem";
    options_.tls_key_file = name + "/key.pem";
    options_.handler = [](request asked, responder to) {
      std::move(to).send(response::text(200, asked.body));
    };
  }

  void TearDown() override {
    running_.reset();
    std::filesystem::remove_all(folder_);
  }

  void serve() {
    auto started = server::start(options_);
    ASSERT_TRUE(started) << started.error().text;
    running_ = *std::move(started);
  }

  std::filesystem::path folder_;
  server_options options_;
  std::unique_ptr<server> running_;
};

/// A TLS client on top of a loopback connection.
class tls_client {
public:
  explicit tls_client(std::uint16_t port)
    : plain_(port), context_(SSL_CTX_new(TLS_client_method())) {}

  SSL_CTX* context() {
    return context_.get();
  }

  bool handshake() {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), plain_.descriptor());
    return SSL_connect(ssl_.get()) == 1;
  }

  std::string exchange(std::string_view sent) {
    SSL_write(ssl_.get(), sent.data(), static_cast<int>(sent.size()));
    std::string got;
    std::array<char, 4096> buffer{};
    for (;;) {
      const int n =
        SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (n <= 0)
        return got;
      got.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }

  SSL* ssl() {
    return ssl_.get();
  }

private:
  loopback_client plain_;
  context_ptr context_;
  ssl_ptr ssl_;
};

const std::string post_and_close =
  "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
  "Content-Length: 5\r\n\r\nhello";

TEST_F(tls_server, answers_over_tls_1_3_and_1_2) {
  serve();
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    tls_client client{running_->port()};
    SSL_CTX_set_max_proto_version(client.context(), version);
    ASSERT_TRUE(client.handshake());
    EXPECT_EQ(SSL_version(client.ssl()), version);
    const auto got = client.exchange(post_and_close);
    EXPECT_TRUE(got.starts_with("HTTP/1.1 200 OK\r\n")) << got;
    EXPECT_TRUE(got.ends_with("\r\n\r\nhello")) << got;
    // The server ended TLS in order, so nobody can have cut the answer.
    EXPECT_EQ(SSL_get_shutdown(client.ssl()), SSL_RECEIVED_SHUTDOWN);
  }
}

TEST_F(tls_server, refuses_older_versions) {
  serve();
  tls_client client{running_->port()};
  SSL_CTX_set_security_level(client.context(), 0);
  SSL_CTX_set_min_proto_version(client.context(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(client.context(), TLS1_1_VERSION);
  EXPECT_FALSE(client.handshake());
}

TEST_F(tls_server, refuses_suites_without_forward_secrecy_or_aead) {
  serve();
  for (const auto* suites : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256",
                             "ECDHE-ECDSA-AES256-SHA"}) {
    tls_client client{running_->port()};
    SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
    ASSERT_EQ(SSL_CTX_set_cipher_list(client.context(), suites), 1);
    EXPECT_FALSE(client.handshake()) << suites;
  }
}

TEST_F(tls_server, does_not_renegotiate) {
  serve();
  tls_client client{running_->port()};
  SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
  ASSERT_TRUE(client.handshake());
  SSL_renegotiate(client.ssl());
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

TEST_F(tls_server, speaks_http_1_1_and_nothing_else_over_alpn) {
  serve();
  const std::array<unsigned char, 9> ours{8,   'h', 't', 't', 'p',
                                          '/', '1', '.', '1'};
  tls_client client{running_->port()};
  SSL_CTX_set_alpn_protos(client.context(), ours.data(), ours.size());
  EXPECT_TRUE(client.handshake());
  const std::array<unsigned char, 4> mail{3, 'f', 't', 'p'};
  tls_client stranger{running_->port()};
  SSL_CTX_set_alpn_protos(stranger.context(), mail.data(), mail.size());
  EXPECT_FALSE(stranger.handshake());
}

TEST_F(tls_server, closes_on_a_peer_that_speaks_plain_http) {
  serve();
  loopback_client client{running_->port()};
  client.send(post_and_close);
  EXPECT_EQ(client.read_to_end().find("HTTP/1.1"), std::string::npos);
}

TEST_F(tls_server, drains_idle_connections) {
  serve();
  tls_client client{running_->port()};
  ASSERT_TRUE(client.handshake());
  const std::string request =
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  SSL_write(client.ssl(), request.data(), static_cast<int>(request.size()));
  std::array<char, 4096> buffer{};
  ASSERT_GT(SSL_read(client.ssl(), buffer.data(), buffer.size()), 0);
  running_->drain();
  EXPECT_LE(SSL_read(client.ssl(), buffer.data(), buffer.size()), 0);
  EXPECT_EQ(SSL_get_shutdown(client.ssl()), SSL_RECEIVED_SHUTDOWN);
}

TEST_F(tls_server, names_the_file_that_is_missing_or_wrong) {
  const auto why = [&] {
    const auto started = server::start(options_);
    EXPECT_FALSE(started);
    return started ? fault{} : started.error();
  };
  const auto certificate = options_.tls_certificate_file;
  options_.tls_certificate_file = "/nowhere/certificate.pem";
  EXPECT_EQ(why().code, errc::io_failed);
  EXPECT_NE(why().text.find("/nowhere/certificate.pem"), std::string::npos);
  EXPECT_NE(why().text.find("cannot be read: No such file"), std::string::npos);

  options_.tls_certificate_file = certificate;
  options_.tls_key_file = folder_ / "other.pem";
  EXPECT_EQ(why().code, errc::invalid);
  EXPECT_NE(why().text.find("does not belong"), std::string::npos);

  options_.tls_key_file = folder_ / "text.pem";
  std::ofstream{options_.tls_key_file} << "no key";
  EXPECT_NE(why().text.find("text.pem"), std::string::npos);

  options_.tls_key_file.clear();
  EXPECT_EQ(why().code, errc::invalid);
}

} // namespace

} // namespace assistly::http
