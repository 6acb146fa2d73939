/// Private to the server's translation unit (and the fuzz target): Beast's
/// parser behind the framing guard. The guard decides whether a message is
/// looked at, Beast what it says; if they see different messages it is refused.
#pragma once

#include "protocol/http/chunk_scanner.hpp"
#include "protocol/http/framing_guard.hpp"
#include "protocol/http/message.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace assistly::http {

namespace beast = boost::beast;

/// Beast's parser writing straight into our `request`: without `basic_fields`
/// in between there is no allocation per header field.
class request_builder final : public beast::http::basic_parser<true> {
public:
  request_builder() {
    // The guard has smaller limits; Beast's must not cut in before them.
    header_limit(64 * 1024);
    body_limit(boost::none);
  }

  request made;

private:
  // Claims of a Content-Length are believed only so far before bytes arrive.
  static constexpr std::size_t largest_first_reserve = 64 * 1024;

  void on_request_impl(beast::http::verb, beast::string_view method,
                       beast::string_view target, int,
                       beast::error_code&) override {
    made.method.assign(method.data(), method.size());
    made.set_target({target.data(), target.size()});
  }

  void on_response_impl(int, beast::string_view, int,
                        beast::error_code&) override {}

  void on_field_impl(beast::http::field, beast::string_view name,
                     beast::string_view value, beast::error_code&) override {
    // Trailers are read and forgotten: nobody may find in them what was not in
    // the head.
    if (!is_header_done())
      made.add_header({name.data(), name.size()}, {value.data(), value.size()});
  }

  void on_header_impl(beast::error_code&) override {}

  void on_body_init_impl(const boost::optional<std::uint64_t>& length,
                         beast::error_code&) override {
    if (length)
      made.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(
                          *length, largest_first_reserve))
                        + body_padding);
  }

  std::size_t on_body_impl(beast::string_view piece,
                           beast::error_code&) override {
    made.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_chunk_header_impl(std::uint64_t, beast::string_view,
                            beast::error_code&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece,
                                 beast::error_code&) override {
    made.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_finish_impl(beast::error_code&) override {
    if (made.body.capacity() - made.body.size() < body_padding)
      made.body.reserve(made.body.size() + body_padding);
  }
};

/// Reads one request after the other from a stream of bytes.
class message_reader {
public:
  enum class step {
    need_more, ///< All that could be consumed is; bring more bytes.
    head,      ///< The head is read; `framing()` and `head()` may be asked.
    message,   ///< The request is whole; `take()` it.
    refused,   ///< `why()` tells the reason; the stream is dead.
  };

  message_reader(const framing_limits& limits, std::uint64_t max_body)
    : limits_(limits), max_body_(max_body), scanner_(limits) {}

  /// `bytes` are the ones not consumed so far, always the same start;
  /// `consumed` becomes how many of them may be dropped. At most a head (12 KiB
  /// at the default limits) stays unconsumed.
  step feed(std::string_view bytes, std::size_t& consumed) {
    consumed = 0;
    if (!parser_)
      return read_head(bytes, consumed);
    return parser_->is_done() ? step::message : read_body(bytes, consumed);
  }

  /// Is a head read whose message has not been taken yet?
  bool in_body() const noexcept {
    return parser_.has_value();
  }

  /// Is the whole head of that message read?
  bool has_head() const noexcept {
    return parser_ && parser_->is_header_done();
  }

  verdict why() const noexcept {
    return why_;
  }

  const head_framing& framing() const noexcept {
    return scanner_.framing();
  }

  const request& head() const noexcept {
    return parser_->made;
  }

  /// Body bytes so far, decoded.
  std::size_t body_size() const noexcept {
    return parser_ ? parser_->made.body.size() : 0;
  }

  bool keep_alive() const noexcept {
    return keep_alive_;
  }

  /// The whole request; the reader is then ready for the next one.
  request take() {
    request whole = std::move(parser_->made);
    parser_.reset();
    chunks_.reset();
    scanner_.reset();
    return whole;
  }

private:
  step refuse(verdict v) noexcept {
    why_ = v;
    return step::refused;
  }

  step read_head(std::string_view bytes, std::size_t& consumed) {
    const auto v = scanner_.scan(bytes);
    if (v == verdict::incomplete)
      return step::need_more;
    if (v != verdict::accepted)
      return refuse(v);
    const auto& framing = scanner_.framing();
    parser_.emplace();
    beast::error_code error;
    consumed = parser_->put({bytes.data(), framing.head_size}, error);
    if (error || consumed != framing.head_size || !parser_->is_header_done()
        || parser_->chunked() != framing.chunked
        || !same_length(parser_->content_length(), framing.content_length))
      return refuse(verdict::parsers_disagree);
    keep_alive_ = parser_->keep_alive();
    if (framing.chunked) {
      chunks_.emplace(limits_, max_body_);
      scanned_ = 0;
    } else {
      length_left_ = framing.content_length.value_or(0);
      if (length_left_ > max_body_)
        return refuse(verdict::body_too_large);
    }
    parser_->eager(true);
    return step::head;
  }

  step read_body(std::string_view bytes, std::size_t& consumed) {
    // How far the guard vouches for the bytes; Beast sees no more than that,
    // and no half structure: its assertions fail on "0\r\n\r" without "\n".
    std::size_t vouched = 0;
    bool whole = false;
    if (chunks_) {
      std::size_t taken = 0;
      const auto v = chunks_->scan(bytes.substr(scanned_), taken);
      if (v != verdict::incomplete && v != verdict::accepted)
        return refuse(v);
      whole = v == verdict::accepted;
      scanned_ += taken;
      vouched = whole ? scanned_ : scanned_ - chunks_->open_structure();
    } else {
      vouched = static_cast<std::size_t>(
        std::min<std::uint64_t>(length_left_, bytes.size()));
      length_left_ -= vouched;
      whole = length_left_ == 0;
    }
    while (consumed < vouched && !parser_->is_done()) {
      beast::error_code error;
      const auto n =
        parser_->put({bytes.data() + consumed, vouched - consumed}, error);
      consumed += n;
      if (error == beast::http::error::need_more)
        break;
      if (error)
        return refuse(verdict::parsers_disagree);
      if (n == 0)
        break;
    }
    scanned_ -= std::min(scanned_, consumed);
    if (parser_->is_done() != whole || (whole && consumed != vouched))
      return refuse(verdict::parsers_disagree);
    return whole ? step::message : step::need_more;
  }

  static bool same_length(const boost::optional<std::uint64_t>& a,
                          const std::optional<std::uint64_t>& b) noexcept {
    return a.has_value() == b.has_value() && (!b || *a == *b);
  }

  framing_limits limits_;
  std::uint64_t max_body_;
  head_scanner scanner_;
  std::optional<request_builder> parser_;
  std::optional<chunk_scanner> chunks_;
  std::uint64_t length_left_ = 0;
  std::size_t scanned_ = 0; // unconsumed bytes the chunk scanner has taken
  verdict why_ = verdict::accepted;
  bool keep_alive_ = false;
};

} // namespace assistly::http
