#include "protocol/http/framing_guard.hpp"

#include "protocol/http/field_line.hpp"
#include "protocol/http/message.hpp"

#include <algorithm>

namespace assistly::http {

namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Of the bytes a request line may not hold at all.
verdict check_characters(std::string_view line) noexcept {
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\t')
      return verdict::bad_request_line;
    if (byte < 0x20 || byte == 0x7f)
      return verdict::control_character;
    if (byte > 0x7f)
      return verdict::bad_target;
  }
  return verdict::accepted;
}

} // namespace

verdict head_scanner::scan(std::string_view bytes) noexcept {
  for (;;) {
    const auto feed = bytes.find('\n', seen_);
    const bool whole = feed != std::string_view::npos;
    const auto line_end = whole ? feed + 1 : bytes.size();
    // Sizes before contents, so that a line that is refused for its length is
    // refused for it whether or not its end has arrived.
    if (fields_at_ == 0) {
      if (line_end > limits_.request_line)
        return verdict::request_line_too_long;
    } else if (line_end - fields_at_ > limits_.headers) {
      return verdict::headers_too_large;
    }
    if (!whole) {
      seen_ = bytes.size();
      return verdict::incomplete;
    }
    auto line = bytes.substr(line_start_, feed - line_start_);
    if (const auto v = strip_line_ending(line); v != verdict::accepted)
      return v;
    seen_ = line_start_ = line_end;
    if (fields_at_ == 0) {
      if (const auto v = request_line(line); v != verdict::accepted)
        return v;
      fields_at_ = line_end;
    } else if (line.empty()) {
      framing_.head_size = line_end;
      return end_of_head(bytes);
    } else if (const auto v = field(line, bytes); v != verdict::accepted) {
      return v;
    }
  }
}

verdict head_scanner::request_line(std::string_view line) noexcept {
  if (const auto v = check_characters(line); v != verdict::accepted)
    return v;
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0)
    return verdict::bad_request_line;
  const auto method = line.substr(0, first);
  if (!is_token(method))
    return verdict::bad_method;
  if (first == last)
    return last + 1 == line.size() ? verdict::bad_request_line
                                   : verdict::http_0_9;
  const auto version = line.substr(last + 1);
  if (version.size() != 8 || !version.starts_with("HTTP/")
      || !is_digit(version[5]) || version[6] != '.' || !is_digit(version[7]))
    return verdict::bad_request_line;
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return verdict::unsupported_version;
  framing_.http_1_0 = version.back() == '0';
  const auto middle = line.substr(first + 1, last - first - 1);
  if (middle.empty() || middle.find(' ') != std::string_view::npos)
    return verdict::bad_request_line;
  authority_.at = first + 1; // moved on by target() if there is one
  return target(method, middle);
}

verdict head_scanner::target(std::string_view method,
                             std::string_view text) noexcept {
  if (method == "CONNECT")
    return verdict::unsupported_method;
  // A fragment is never sent; who sees one cuts the path elsewhere.
  if (text.find('#') != std::string_view::npos)
    return verdict::bad_target;
  if (text.front() == '/')
    return verdict::accepted;
  if (text == "*")
    return method == "OPTIONS" ? verdict::accepted : verdict::bad_target;
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos
      || !(equals_ignoring_case(text.substr(0, scheme), "http")
           || equals_ignoring_case(text.substr(0, scheme), "https")))
    return verdict::bad_target;
  const auto start = scheme + 3;
  const auto end = std::min(text.find_first_of("/?", start), text.size());
  if (!is_host(text.substr(start, end - start)))
    return verdict::bad_host;
  authority_.at += start;
  authority_.size = end - start;
  return verdict::accepted;
}

verdict head_scanner::field(std::string_view line,
                            std::string_view all) noexcept {
  if (++fields_ > limits_.fields)
    return verdict::too_many_fields;
  field_line split;
  if (const auto v = split_field_line(line, split); v != verdict::accepted)
    return v;
  // Sizes first: most fields are told apart without looking at a letter.
  switch (split.name.size()) {
  case 4:
    if (equals_ignoring_case(split.name, "host")) {
      if (has_host_)
        return verdict::repeated_host;
      has_host_ = true;
      if (!is_host(split.value))
        return verdict::bad_host;
      host_ = {static_cast<std::size_t>(split.value.data() - all.data()),
               split.value.size()};
    }
    return verdict::accepted;
  case 14:
    return equals_ignoring_case(split.name, "content-length")
             ? content_length(split.value)
             : verdict::accepted;
  case 17:
    return equals_ignoring_case(split.name, "transfer-encoding")
             ? transfer_encoding(split.value)
             : verdict::accepted;
  default:
    return verdict::accepted;
  }
}

verdict head_scanner::content_length(std::string_view value) noexcept {
  if (framing_.content_length)
    return verdict::repeated_content_length;
  if (value.empty() || value.size() > 10
      || !std::all_of(value.begin(), value.end(), is_digit))
    return verdict::bad_content_length;
  std::uint64_t length = 0;
  for (const char c : value)
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  framing_.content_length = length;
  return has_encoding_ ? verdict::length_with_encoding : verdict::accepted;
}

verdict head_scanner::transfer_encoding(std::string_view value) noexcept {
  if (has_encoding_)
    return verdict::bad_transfer_encoding;
  has_encoding_ = true;
  if (framing_.content_length)
    return verdict::length_with_encoding;
  if (framing_.http_1_0)
    return verdict::encoding_in_http_1_0;
  if (!is_token(value))
    return verdict::bad_transfer_encoding;
  if (!equals_ignoring_case(value, "chunked"))
    return verdict::unsupported_transfer_encoding;
  framing_.chunked = true;
  return verdict::accepted;
}

verdict head_scanner::end_of_head(std::string_view all) const noexcept {
  if (!has_host_)
    return framing_.http_1_0 ? verdict::accepted : verdict::missing_host;
  if (authority_.size != 0
      && !equals_ignoring_case(authority_.of(all), host_.of(all)))
    return verdict::host_mismatch;
  return verdict::accepted;
}

} // namespace assistly::http
