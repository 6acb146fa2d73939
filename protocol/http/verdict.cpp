#include "protocol/http/verdict.hpp"

#include <array>

namespace assistly::http {

namespace {

struct description {
  verdict which;
  int status;
  std::string_view name;
};

constexpr std::array<description, verdict_count> descriptions{{
  {verdict::accepted, 200, "accepted"},
  {verdict::incomplete, 0, "incomplete"},
  {verdict::bad_request_line, 400, "bad_request_line"},
  {verdict::bad_method, 400, "bad_method"},
  {verdict::bad_target, 400, "bad_target"},
  {verdict::http_0_9, 400, "http_0_9"},
  {verdict::unsupported_method, 501, "unsupported_method"},
  {verdict::unsupported_version, 505, "unsupported_version"},
  {verdict::request_line_too_long, 414, "request_line_too_long"},
  {verdict::bare_line_feed, 400, "bare_line_feed"},
  {verdict::bare_carriage_return, 400, "bare_carriage_return"},
  {verdict::control_character, 400, "control_character"},
  {verdict::obs_fold, 400, "obs_fold"},
  {verdict::space_before_colon, 400, "space_before_colon"},
  {verdict::bad_field_name, 400, "bad_field_name"},
  {verdict::headers_too_large, 431, "headers_too_large"},
  {verdict::too_many_fields, 431, "too_many_fields"},
  {verdict::missing_host, 400, "missing_host"},
  {verdict::repeated_host, 400, "repeated_host"},
  {verdict::bad_host, 400, "bad_host"},
  {verdict::host_mismatch, 400, "host_mismatch"},
  {verdict::bad_content_length, 400, "bad_content_length"},
  {verdict::repeated_content_length, 400, "repeated_content_length"},
  {verdict::length_with_encoding, 400, "length_with_encoding"},
  {verdict::bad_transfer_encoding, 400, "bad_transfer_encoding"},
  {verdict::unsupported_transfer_encoding, 501,
   "unsupported_transfer_encoding"},
  {verdict::encoding_in_http_1_0, 400, "encoding_in_http_1_0"},
  {verdict::bad_chunk_size, 400, "bad_chunk_size"},
  {verdict::bad_chunk_extension, 400, "bad_chunk_extension"},
  {verdict::chunk_extension_too_long, 400, "chunk_extension_too_long"},
  {verdict::bad_chunk_ending, 400, "bad_chunk_ending"},
  {verdict::framing_field_in_trailer, 400, "framing_field_in_trailer"},
  {verdict::body_too_large, 413, "body_too_large"},
  {verdict::parsers_disagree, 400, "parsers_disagree"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < descriptions.size(); ++i)
    if (static_cast<std::size_t>(descriptions[i].which) != i)
      return false;
  return true;
}

static_assert(in_order(), "the table follows the enumeration");

} // namespace

int status_of(verdict v) noexcept {
  return descriptions[static_cast<std::size_t>(v)].status;
}

std::string_view to_string(verdict v) noexcept {
  return descriptions[static_cast<std::size_t>(v)].name;
}

} // namespace assistly::http
