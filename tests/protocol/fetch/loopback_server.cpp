#include "tests/protocol/fetch/loopback_server.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace assistly::fetch {
namespace {

std::string pem_of(const std::function<void(BIO*)>& write) {
  std::unique_ptr<BIO, void (*)(BIO*)> memory{
    BIO_new(BIO_s_mem()), [](BIO* bio) { BIO_free_all(bio); }};
  write(memory.get());
  char* bytes = nullptr;
  auto size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::size_t body_size(std::string_view head) {
  constexpr std::string_view name = "Content-Length: ";
  auto at = head.find(name);
  if (at == head.npos)
    return 0;
  return std::stoul(std::string{head.substr(at + name.size(), 20)});
}

} // namespace

self_signed self_signed::make(const std::string& alternative_name) {
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_EC_gen("P-256"),
                                                     EVP_PKEY_free};
  std::unique_ptr<X509, void (*)(X509*)> certificate{X509_new(), X509_free};
  auto* x = certificate.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, key.get());
  auto* name = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(
    name, "CN", MBSTRING_ASC,
    reinterpret_cast<const unsigned char*>("a test's server"), -1, -1, 0);
  X509_set_issuer_name(x, name);
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name,
                                        alternative_name.c_str());
  X509_add_ext(x, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(x, key.get(), EVP_sha256());
  return {pem_of([x](BIO* out) { PEM_write_bio_X509(out, x); }),
          pem_of([&key](BIO* out) {
            PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0,
                                     nullptr, nullptr);
          })};
}

connection::~connection() {
  if (tls_ != nullptr) {
    if (fd_ >= 0)
      SSL_shutdown(tls_);
    SSL_free(tls_);
  }
  // The descriptor is the server's; it closes it behind us.
}

std::size_t connection::read_some(char* into, std::size_t size) {
  auto got = tls_ != nullptr ? SSL_read(tls_, into, static_cast<int>(size))
                             : ::recv(fd_, into, size, 0);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

std::string connection::read_request() {
  auto text = std::exchange(left_, {});
  char part[16384];
  while (true) {
    auto end = text.find("\r\n\r\n");
    if (end != text.npos) {
      auto size = end + 4 + body_size(text.substr(0, end));
      if (text.size() >= size) {
        left_ = text.substr(size);
        return text.substr(0, size);
      }
    }
    auto got = read_some(part, sizeof part);
    if (got == 0)
      return text;
    text.append(part, got);
  }
}

std::string connection::read_start() {
  char part[1000];
  return {part, read_some(part, sizeof part)};
}

void connection::wait_for_end() {
  char part[4096];
  while (read_some(part, sizeof part) > 0) {
  }
}

void connection::write(std::string_view text) {
  while (!text.empty()) {
    auto sent = tls_ != nullptr
                  ? SSL_write(tls_, text.data(), static_cast<int>(text.size()))
                  : ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return; // The client has had enough.
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void connection::reset() {
  linger hard{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

loopback_server::loopback_server(script serve, const self_signed* tls,
                                 const std::string& unix_path)
  : serve_(std::move(serve)), tls_(nullptr, SSL_CTX_free) {
  std::signal(SIGPIPE, SIG_IGN); // SSL_write knows no MSG_NOSIGNAL.
  if (tls != nullptr) {
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    auto bio = [](const std::string& pem) {
      return std::unique_ptr<BIO, void (*)(BIO*)>{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
        [](BIO* b) { BIO_free_all(b); }};
    };
    auto* certificate = PEM_read_bio_X509(bio(tls->certificate_pem).get(),
                                          nullptr, nullptr, nullptr);
    auto* key = PEM_read_bio_PrivateKey(bio(tls->key_pem).get(), nullptr,
                                        nullptr, nullptr);
    EXPECT_EQ(SSL_CTX_use_certificate(tls_.get(), certificate), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(tls_.get(), key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  if (unix_path.empty()) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_, any, size), 0);
    EXPECT_EQ(::getsockname(listener_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  } else {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(
      ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address),
      0);
  }
  EXPECT_EQ(::listen(listener_, 128), 0);
  acceptor_ = std::thread{[this] { run(); }};
}

loopback_server::~loopback_server() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    std::lock_guard lock{mutex_};
    for (int fd : open_)
      ::shutdown(fd, SHUT_RDWR);
  }
  for (auto& thread : threads_)
    thread.join();
}

std::string loopback_server::url(std::string_view path,
                                 std::string_view host) const {
  return (tls_ ? "https://" : "http://") + std::string{host} + ":"
         + std::to_string(port_) + std::string{path};
}

void loopback_server::run() {
  while (!ending_) {
    int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
      continue; // The destructor shuts the listener down and says so.
    int number = accepted_++;
    {
      std::lock_guard lock{mutex_};
      open_.push_back(fd);
    }
    threads_.emplace_back([this, fd, number] {
      {
        ssl_st* tls = nullptr;
        bool ready = true;
        if (tls_) {
          tls = SSL_new(tls_.get());
          SSL_set_fd(tls, fd);
          ready = SSL_accept(tls) == 1;
        }
        connection one{fd, tls};
        if (ready)
          serve_(one, number);
      }
      std::lock_guard lock{mutex_};
      std::erase(open_, fd);
      ::close(fd);
    });
  }
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size())
         + "\r\n\r\n" + std::string{body};
}

} // namespace assistly::fetch
