#include "protocol/http/chunk_scanner.hpp"

#include "protocol/http/field_line.hpp"
#include "protocol/http/message.hpp"

#include <algorithm>
#include <array>

namespace assistly::http {

namespace {

constexpr std::size_t max_size_digits = 8;

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// May stand between quotes, as it is or after a backslash (RFC 9110 section
/// 5.6.4). Controls may not: Beast 1.81 lets them pass (its issue 3102).
constexpr bool is_quotable(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/// Fields that steer framing, routing, the connection, or how the body is read.
/// In a trailer they come too late for whoever already acted on the head (RFC
/// 9110 section 6.5.1), and Beast 1.81 obeys some of them (its issue 3094).
constexpr std::array<std::string_view, 18> steering{"transfer-encoding",
                                                    "content-length",
                                                    "host",
                                                    "connection",
                                                    "proxy-connection",
                                                    "keep-alive",
                                                    "upgrade",
                                                    "te",
                                                    "trailer",
                                                    "expect",
                                                    "content-encoding",
                                                    "content-type",
                                                    "content-range",
                                                    "authorization",
                                                    "cookie",
                                                    "range",
                                                    "max-forwards",
                                                    "proxy-authorization"};

bool is_steering(std::string_view name) noexcept {
  return std::any_of(steering.begin(), steering.end(), [&](auto known) {
    return equals_ignoring_case(name, known);
  });
}

} // namespace

verdict chunk_scanner::scan(std::string_view bytes, std::size_t& taken) {
  taken = 0;
  while (taken < bytes.size()) {
    const auto rest = bytes.substr(taken);
    if (state_ == state::data) {
      const auto n = std::min<std::uint64_t>(chunk_left_, rest.size());
      chunk_left_ -= n;
      taken += static_cast<std::size_t>(n);
      if (chunk_left_ == 0)
        state_ = state::data_carriage_return;
      continue;
    }
    if (state_ == state::trailer) {
      const auto feed = rest.find('\n');
      const bool whole = feed != std::string_view::npos;
      const auto n = whole ? feed + 1 : rest.size();
      trailer_bytes_ += n;
      if (trailer_bytes_ > limits_.headers)
        return verdict::headers_too_large;
      line_.append(rest.substr(0, whole ? feed : n));
      taken += n;
      structure_ += n;
      if (!whole)
        continue;
      if (const auto v = trailer_line(); v != verdict::incomplete)
        return v;
      continue;
    }
    ++structure_;
    if (const auto v = size_line(rest.front()); v != verdict::incomplete)
      return v;
    ++taken;
  }
  return verdict::incomplete;
}

/// One byte of the structure before or after a chunk's data.
verdict chunk_scanner::size_line(char c) noexcept {
  switch (state_) {
  case state::size:
    if (const int digit = hex_digit(c); digit >= 0) {
      if (++digits_ > max_size_digits)
        return verdict::bad_chunk_size;
      chunk_left_ = chunk_left_ << 4 | static_cast<std::uint64_t>(digit);
      return verdict::incomplete;
    }
    return digits_ == 0 ? verdict::bad_chunk_size
                        : end_of_size(c, verdict::bad_chunk_size);
  case state::size_line_feed:
    return c == '\n' ? chunk_begins() : verdict::bare_carriage_return;
  case state::data_carriage_return:
    state_ = state::data_line_feed;
    return c == '\r' ? verdict::incomplete : verdict::bad_chunk_ending;
  case state::data_line_feed:
    state_ = state::size;
    chunk_left_ = digits_ = extension_bytes_ = 0;
    return c == '\n' ? verdict::incomplete : verdict::bad_chunk_ending;
  default:
    return extension(c);
  }
}

/// What may follow a size or a whole extension: another extension, or the end
/// of the line.
verdict chunk_scanner::end_of_size(char c, verdict otherwise) noexcept {
  if (c == ';') {
    if (++extension_bytes_ > limits_.chunk_extension)
      return verdict::chunk_extension_too_long;
    state_ = state::extension_name;
    return verdict::incomplete;
  }
  if (c == '\r') {
    state_ = state::size_line_feed;
    return verdict::incomplete;
  }
  return c == '\n' ? verdict::bare_line_feed : otherwise;
}

verdict chunk_scanner::extension(char c) noexcept {
  constexpr auto bad = verdict::bad_chunk_extension;
  const bool ends = state_ != state::extension_quoted
                    && state_ != state::extension_escaped
                    && (c == ';' || c == '\r' || c == '\n');
  if (ends) {
    if (state_ == state::extension_name || state_ == state::extension_value)
      return bad;
    return end_of_size(c, bad);
  }
  if (++extension_bytes_ > limits_.chunk_extension)
    return verdict::chunk_extension_too_long;
  switch (state_) {
  case state::extension_name:
    state_ = state::extension_name_more;
    return is_token_character(c) ? verdict::incomplete : bad;
  case state::extension_name_more:
    if (c == '=')
      state_ = state::extension_value;
    else if (!is_token_character(c))
      return bad;
    return verdict::incomplete;
  case state::extension_value:
    state_ = c == '"' ? state::extension_quoted : state::extension_token;
    return c == '"' || is_token_character(c) ? verdict::incomplete : bad;
  case state::extension_token:
    return is_token_character(c) ? verdict::incomplete : bad;
  case state::extension_quoted:
    if (c == '"')
      state_ = state::extension_end;
    else if (c == '\\')
      state_ = state::extension_escaped;
    else if (!is_quotable(c))
      return bad;
    return verdict::incomplete;
  case state::extension_escaped:
    state_ = state::extension_quoted;
    return is_quotable(c) ? verdict::incomplete : bad;
  default:
    return bad;
  }
}

verdict chunk_scanner::chunk_begins() noexcept {
  if (chunk_left_ == 0) {
    state_ = state::trailer;
    return verdict::incomplete;
  }
  if (chunk_left_ > body_left_)
    return verdict::body_too_large;
  body_left_ -= chunk_left_;
  structure_ = 0;
  state_ = state::data;
  return verdict::incomplete;
}

/// A whole line is in `line_`; `incomplete` if more must follow.
verdict chunk_scanner::trailer_line() {
  std::string_view line = line_;
  if (const auto v = strip_line_ending(line); v != verdict::accepted)
    return v;
  if (line.empty())
    return verdict::accepted;
  if (++trailer_fields_ > limits_.fields)
    return verdict::too_many_fields;
  field_line split;
  if (const auto v = split_field_line(line, split); v != verdict::accepted)
    return v;
  if (is_steering(split.name))
    return verdict::framing_field_in_trailer;
  line_.clear();
  return verdict::incomplete;
}

} // namespace assistly::http
