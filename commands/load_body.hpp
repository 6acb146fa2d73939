/// The requests of the load: made once, then only digits change.
#pragma once

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "model/clock.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assistly::commands {

/// A text as it stands between the quotes of a JSON string (RFC 8259
/// section 7).
inline std::string json_escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20)
      ((out += "\\u00") += hex[byte >> 4]) += hex[byte & 15];
    else
      out += c;
  }
  return out;
}

struct webhook_source_options {
  std::string host; ///< of the Host header
  std::string path;
  std::string account_id;
  std::string text;
  /// Tells this run's messages from those of any other.
  std::string run;
  std::uint64_t conversations = 1;
  /// Empty: not signed, and always the same bytes.
  std::string app_secret;
};

/// POSTs of one Messenger text each (CONTRACT 3 and 4.1), unique by mid.
class webhook_source {
public:
  explicit webhook_source(const webhook_source_options& o)
    : conversations_(o.conversations) {
    const std::string zeros(digits, '0');
    body_ =
      R"({"object":"page","entry":[{"id":")" + o.account_id + R"(","time":)";
    entry_time_ = place(time_zero);
    body_ += R"(,"messaging":[{"sender":{"id":"7)";
    sender_ = place(zeros);
    body_ += R"("},"recipient":{"id":")" + o.account_id + R"("},"timestamp":)";
    sent_time_ = place(time_zero);
    body_ += R"(,"message":{"mid":"m_)" + o.run;
    mid_ = place(zeros);
    body_ += R"(","text":")" + json_escaped(o.text) + R"("}}]}]})";

    head_ = "POST " + o.path + " HTTP/1.1\r\nHost: " + o.host
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + std::to_string(body_.size());
    if (!o.app_secret.empty()) {
      key_.emplace(o.app_secret);
      head_ += "\r\nX-Hub-Signature-256: sha256=";
      signature_ = head_.size();
      head_ += std::string(64, '0');
    }
    head_ += "\r\n\r\n";
    request_ = head_ + body_;
  }

  /// The next request; valid until the next call.
  std::string_view next(std::int64_t now_ms) {
    if (!key_)
      return request_;
    const auto at = head_.size();
    write(at + entry_time_, time_zero.size(),
          static_cast<std::uint64_t>(now_ms));
    write(at + sent_time_, time_zero.size(),
          static_cast<std::uint64_t>(now_ms));
    write(at + sender_, digits, made_ % conversations_);
    write(at + mid_, digits, made_);
    ++made_;
    const auto code =
      key_->sign(std::string_view{request_}.substr(head_.size()));
    constexpr std::string_view hex = "0123456789abcdef";
    auto out = signature_;
    for (const auto byte : code) {
      const auto value = std::to_integer<unsigned>(byte);
      request_[out++] = hex[value >> 4];
      request_[out++] = hex[value & 15];
    }
    return request_;
  }

private:
  static constexpr std::size_t digits = 15;
  static constexpr std::string_view time_zero = "1700000000000";

  std::size_t place(std::string_view filler) {
    const auto at = body_.size();
    body_ += filler;
    return at;
  }

  void write(std::size_t at, std::size_t width, std::uint64_t value) {
    for (auto i = width; i-- > 0; value /= 10)
      request_[at + i] = static_cast<char>('0' + value % 10);
  }

  std::uint64_t conversations_;
  std::uint64_t made_ = 0;
  std::optional<crypto::hmac_sha256> key_;
  std::string head_;
  std::string body_;
  std::string request_;
  std::size_t signature_ = 0;
  std::size_t entry_time_ = 0;
  std::size_t sent_time_ = 0;
  std::size_t sender_ = 0;
  std::size_t mid_ = 0;
};

} // namespace assistly::commands
