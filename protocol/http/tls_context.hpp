/// Private to the server's translation unit: TLS as RELIABILITY asks for it
/// (ASVS 12.1.1, 12.1.2).
#pragma once

#include "model/outcome.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

namespace assistly::http {

/// OpenSSL's words for what went wrong last, without paths or key bytes.
inline std::string last_tls_error() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason ? reason : "unknown reason";
}

/// Picks "http/1.1", and refuses a peer that offers other protocols only: its
/// bytes were meant for another service (the ALPACA attack).
inline int choose_protocol(SSL*, const unsigned char** chosen,
                           unsigned char* chosen_size,
                           const unsigned char* offered, unsigned offered_size,
                           void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, ours, sizeof ours - 1, offered,
                            offered_size)
      != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// TLS 1.2 and 1.3, forward secret AEAD suites only; no renegotiation, no
/// compression, no tickets (their key would outlive the sessions it opens).
inline bool harden(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                                 | SSL_OP_NO_TICKET
                                 | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  // A key with a passphrase must fail, not ask on the terminal.
  SSL_CTX_set_default_passwd_cb(context,
                                [](char*, int, int, void*) { return 0; });
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1
         && SSL_CTX_set_cipher_list(context,
                                    "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL")
              == 1
         && SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
}

/// What is wrong with a PEM file that was not taken. OpenSSL does not tell a
/// file that is missing from one that holds something else.
inline fault refused_pem(const char* option, const std::string& file,
                         const char* wanted) {
  const auto reason = last_tls_error();
  const std::string name = std::string{option} + " " + file;
  if (::access(file.c_str(), R_OK) != 0)
    return {errc::io_failed, name + " cannot be read: " + std::strerror(errno)
                               + "; name a file that is there and that this "
                                 "user may read"};
  return {errc::io_failed, name + " is not taken (" + reason
                             + "); it must hold " + wanted + " as PEM"};
}

/// Loads both PEM files; the fault names the file and what to do.
inline outcome<std::shared_ptr<boost::asio::ssl::context>>
make_tls_context(const std::string& certificate_file,
                 const std::string& key_file) {
  ERR_clear_error();
  auto made = std::make_shared<boost::asio::ssl::context>(
    boost::asio::ssl::context::tls_server);
  SSL_CTX* const context = made->native_handle();
  if (!harden(context))
    return fault{errc::internal, "TLS: " + last_tls_error()};
  // The key first: in this order a key of another certificate is found by the
  // check below, which can say so.
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM)
      != 1)
    return refused_pem("http.tls_key_file", key_file,
                       "the private key, without a passphrase,");
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str())
      != 1)
    return refused_pem("http.tls_certificate_file", certificate_file,
                       "the certificate and those between it and its root");
  const bool fits = SSL_CTX_check_private_key(context) == 1;
  ERR_clear_error();
  if (!fits)
    return fault{errc::invalid, "http.tls_key_file " + key_file
                                  + " does not belong to " + certificate_file
                                  + "; name the key that this certificate was "
                                    "made for"};
  return made;
}

} // namespace assistly::http
