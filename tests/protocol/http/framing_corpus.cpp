// Long because it is one table: in two files a gap would be harder to see.
#include "tests/protocol/http/framing_corpus.hpp"

namespace assistly::http {

namespace {

using namespace std::string_literals;

// What an attacker hopes will be read as a request of its own.
const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post(const std::string& fields, const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

/// A head whose request line is `line`.
std::string head(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}

std::string many_fields(int n) {
  std::string out;
  for (int i = 0; i < n; ++i)
    out += "X-" + std::to_string(i) + ": y\r\n";
  return out;
}

// Sizes are those of framing_limits: lines and fields count with their CRLF.
std::string request_line_of(std::size_t bytes) {
  return head("GET /" + std::string(bytes - 16, 'a') + " HTTP/1.1");
}

std::string fields_of(std::size_t bytes) {
  const std::string rest = "Host: a\r\nX: \r\n\r\n";
  return get("X: " + std::string(bytes - rest.size(), 'a') + "\r\n");
}

using list = std::vector<corpus_entry>;
using enum verdict;

void add_good(list& all) {
  const list good{
    {"good_get", get(""), accepted},
    {"good_post_length", post("Content-Length: 5\r\n", "hello"), accepted},
    {"good_post_length_zero", post("Content-Length: 0\r\n", ""), accepted},
    {"good_length_leading_zeros",
     post("Content-Length: 0000000005\r\n", "hello"), accepted},
    {"good_get_with_body", get("Content-Length: 3\r\n") + "abc", accepted},
    {"good_chunked", chunked("5\r\nhello\r\n0\r\n\r\n"), accepted},
    {"good_chunked_upper_hex", chunked("A\r\n0123456789\r\n0\r\n\r\n"),
     accepted},
    {"good_chunked_case", post("transfer-ENCODING:\tChunKed \r\n", "0\r\n\r\n"),
     accepted},
    {"good_chunked_zeros", chunked("00000005\r\nhello\r\n00000000\r\n\r\n"),
     accepted},
    {"good_chunk_extension",
     chunked("5;a=b;c;d=\"e;\\\"f\"\r\nhello\r\n"
             "0;last\r\n\r\n"),
     accepted},
    {"good_trailer", chunked("1\r\na\r\n0\r\nX-Checksum: 1\r\n\r\n"), accepted},
    {"good_http_1_0", "GET / HTTP/1.0\r\n\r\n", accepted},
    {"good_http_1_0_length", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
     accepted},
    {"good_absolute", "GET http://a/x?y HTTP/1.1\r\nHost: A\r\n\r\n", accepted},
    {"good_absolute_port",
     "GET HTTPS://a:8443?y HTTP/1.1\r\nHost: a:8443\r\n\r\n", accepted},
    {"good_options_star", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", accepted},
    {"good_host_ipv6", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", accepted},
    {"good_value_latin1", get("X: caf\xe9\r\n"), accepted},
    {"good_value_tab_inside", get("X: a\tb\r\n"), accepted},
    {"good_empty_value", get("X:\r\n"), accepted},
    {"good_colon_in_value", get("X: a:b\r\n"), accepted},
    {"good_percent_target", head("GET /%00%0d%0a HTTP/1.1"), accepted},
    {"good_64_fields",
     "GET / HTTP/1.1\r\nHost: a\r\n" + many_fields(63) + "\r\n", accepted},
    {"good_longest_line", request_line_of(4096), accepted},
    {"good_largest_headers", fields_of(8192), accepted},
    {"good_longest_extension",
     chunked("1;" + std::string(255, 'x') + "\r\na\r\n0\r\n\r\n"), accepted},
    {"good_two_pipelined", get("") + "GET /second HTTP/1.1\r\nHost: a\r\n\r\n",
     accepted},
  };
  all.insert(all.end(), good.begin(), good.end());
}

void add_request_lines(list& all) {
  const list lines{
    {"line_empty", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", bad_request_line},
    {"line_only_method", head("GET"), bad_request_line},
    {"line_http_0_9", "GET /\r\n", http_0_9},
    {"line_http_0_9_said", head("GET / HTTP/0.9"), unsupported_version},
    {"line_http_1_2", head("GET / HTTP/1.2"), unsupported_version},
    {"line_http_2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", unsupported_version},
    {"line_http_lower", head("GET / http/1.1"), bad_request_line},
    {"line_http_11", head("GET / HTTP/11"), bad_request_line},
    {"line_http_1_10", head("GET / HTTP/1.10"), bad_request_line},
    {"line_http_letters", head("GET / HTTP/a.b"), bad_request_line},
    {"line_other_protocol", head("GET / ICY/1.1 "), bad_request_line},
    {"line_space_first", head(" GET / HTTP/1.1"), bad_request_line},
    {"line_two_spaces", head("GET  / HTTP/1.1"), bad_request_line},
    {"line_two_spaces_late", head("GET /  HTTP/1.1"), bad_request_line},
    {"line_space_last", head("GET / HTTP/1.1 "), bad_request_line},
    {"line_tab", head("GET\t/ HTTP/1.1"), bad_request_line},
    {"line_tab_in_target", head("GET /a\tb HTTP/1.1"), bad_request_line},
    {"line_space_in_target", head("GET /a b HTTP/1.1"), bad_request_line},
    {"line_smuggled_in_target", head("GET / HTTP/1.1 /x HTTP/1.1"),
     bad_request_line},
    {"line_nul", head("GET /\0 HTTP/1.1"s), control_character},
    {"line_vertical_tab", head("GET /\x0b HTTP/1.1"), control_character},
    {"line_delete", head("GET /\x7f HTTP/1.1"), control_character},
    {"line_not_ascii", head("GET /\xc3\xa9 HTTP/1.1"), bad_target},
    {"line_method_no_token", head("G(T / HTTP/1.1"), bad_method},
    {"line_method_colon", head("Host: a HTTP/1.1"), bad_method},
    {"line_fragment", head("GET /#x HTTP/1.1"), bad_target},
    {"line_no_slash", head("GET x HTTP/1.1"), bad_target},
    {"line_star_get", head("GET * HTTP/1.1"), bad_target},
    {"line_connect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
     unsupported_method},
    {"line_ftp", head("GET ftp://a/ HTTP/1.1"), bad_target},
    {"line_file", head("GET file:///etc/passwd HTTP/1.1"), bad_target},
    {"line_user", head("GET http://b@a/ HTTP/1.1"), bad_host},
    {"line_no_authority", head("GET http:///x HTTP/1.1"), bad_host},
    {"line_other_host", head("GET http://b/ HTTP/1.1"), host_mismatch},
    {"line_other_port", head("GET http://a:81/ HTTP/1.1"), host_mismatch},
    {"line_other_host_query", head("GET http://b?a/ HTTP/1.1"), host_mismatch},
    {"line_lf", "GET / HTTP/1.1\nHost: a\r\n\r\n", bare_line_feed},
    {"line_cr", "GET / HTTP/1.1\rHost: a\r\n\r\n", bare_carriage_return},
    {"line_two_cr", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
     bare_carriage_return},
    {"line_too_long", request_line_of(4097), request_line_too_long},
    {"line_endless", std::string(5000, 'A'), request_line_too_long},
    {"line_tls_hello", "\x16\x03\x01\x02\x00\x01\n"s, bare_line_feed},
  };
  all.insert(all.end(), lines.begin(), lines.end());
}

void add_fields(list& all) {
  const list fields{
    {"field_lf", "GET / HTTP/1.1\r\nHost: a\n\r\n", bare_line_feed},
    {"field_lf_end", "GET / HTTP/1.1\r\nHost: a\r\n\n", bare_line_feed},
    {"field_cr_inside", get("X: a\rY: b\r\n"), bare_carriage_return},
    {"field_cr_end", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n",
     bare_carriage_return},
    {"field_cr_hides_encoding",
     post("X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "0\r\n\r\n"),
     bare_carriage_return},
    {"field_lf_hides_encoding",
     post("X: a\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "0\r\n\r\n"),
     bare_line_feed},
    {"field_nul_value", get("X: a\0b\r\n"s), control_character},
    {"field_nul_name", get("X\0: a\r\n"s), control_character},
    {"field_control_value", get("X: a\x01\r\n"), control_character},
    {"field_delete_value", get("X: a\x7f\r\n"), control_character},
    {"field_vertical_tab_name", get("X\x0b: a\r\n"), control_character},
    {"field_fold_space", get("X: a\r\n b\r\n"), obs_fold},
    {"field_fold_tab", get("X: a\r\n\tb\r\n"), obs_fold},
    {"field_fold_first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", obs_fold},
    {"field_fold_encoding", post("Transfer-Encoding:\r\n chunked\r\n", ""),
     bad_transfer_encoding},
    {"field_fold_only_space", get(" \r\n"), obs_fold},
    {"field_space_colon", get("X : a\r\n"), space_before_colon},
    {"field_tab_colon", get("X\t: a\r\n"), space_before_colon},
    {"field_space_colon_length", post("Content-Length : 5\r\n", "hello"),
     space_before_colon},
    {"field_space_colon_encoding",
     post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), space_before_colon},
    {"field_no_colon", get("X\r\n"), bad_field_name},
    {"field_empty_name", get(": a\r\n"), bad_field_name},
    {"field_name_space", get("X Y: a\r\n"), bad_field_name},
    {"field_name_bracket", get("X[: a\r\n"), bad_field_name},
    {"field_name_not_ascii", get("X\xc3\xa9: a\r\n"), bad_field_name},
    {"field_name_quoted", get("\"X\": a\r\n"), bad_field_name},
    {"fields_65", "GET / HTTP/1.1\r\nHost: a\r\n" + many_fields(64) + "\r\n",
     too_many_fields},
    {"fields_too_large", fields_of(8193), headers_too_large},
    {"fields_endless", "GET / HTTP/1.1\r\nX: " + std::string(9000, 'a'),
     headers_too_large},
    {"host_missing", "GET / HTTP/1.1\r\n\r\n", missing_host},
    {"host_repeated", get("Host: a\r\n"), repeated_host},
    {"host_repeated_other", get("host: b\r\n"), repeated_host},
    {"host_repeated_1_0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
     repeated_host},
    {"host_empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", bad_host},
    {"host_path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", bad_host},
    {"host_user", "GET / HTTP/1.1\r\nHost: b@a\r\n\r\n", bad_host},
    {"host_list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", bad_host},
    {"host_bad_port", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", bad_host},
    {"host_long_port", "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", bad_host},
    {"host_open_bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", bad_host},
    {"host_bracket_name", "GET / HTTP/1.1\r\nHost: [a.com]\r\n\r\n", bad_host},
    {"host_percent", "GET / HTTP/1.1\r\nHost: a%00\r\n\r\n", bad_host},
  };
  all.insert(all.end(), fields.begin(), fields.end());
}

void add_lengths(list& all) {
  const auto length = [](const std::string& value) {
    return post("Content-Length:" + value + "\r\n", "hello" + smuggled);
  };
  const list lengths{
    {"length_negative", length(" -5"), bad_content_length},
    {"length_plus", length(" +5"), bad_content_length},
    {"length_hex", length(" 0x5"), bad_content_length},
    {"length_letters", length(" five"), bad_content_length},
    {"length_empty", length(""), bad_content_length},
    {"length_blank", length("   "), bad_content_length},
    {"length_list_equal", length(" 5, 5"), bad_content_length},
    {"length_list_other", length(" 5,6"), bad_content_length},
    {"length_comma_last", length(" 5,"), bad_content_length},
    {"length_point", length(" 5.0"), bad_content_length},
    {"length_exponent", length(" 5e0"), bad_content_length},
    {"length_space_inside", length(" 5 5"), bad_content_length},
    {"length_underscore", length(" 5_0"), bad_content_length},
    {"length_quoted", length(" \"5\""), bad_content_length},
    {"length_unicode", length(" \xd9\xa5"), bad_content_length},
    {"length_11_digits", length(" 00000000005"), bad_content_length},
    {"length_overflow", length(" 18446744073709551621"), bad_content_length},
    {"length_vertical_tab",
     length(" \x0b"
            "5"),
     control_character},
    {"length_repeated_equal",
     post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
     repeated_content_length},
    {"length_repeated_other",
     post("Content-Length: 0\r\nContent-Length: 5\r\n", smuggled),
     repeated_content_length},
    {"length_repeated_case",
     post("content-length: 5\r\nCONTENT-LENGTH: 5\r\n", "hello"),
     repeated_content_length},
    {"length_too_large", post("Content-Length: 9999999999\r\n", "x"),
     body_too_large},
    {"length_incomplete", post("Content-Length: 9\r\n", "hello"), incomplete},
    // CL.0: who ignores a length on GET reads the body as the next request.
    {"cl_0_get",
     get("Content-Length: " + std::to_string(smuggled.size()) + "\r\n")
       + smuggled,
     accepted},
    // 0.CL: the length hidden from one of two readers.
    {"zero_cl_space", post("Content-Length : 36\r\n", smuggled),
     space_before_colon},
    {"zero_cl_tab_name", post("\tContent-Length: 36\r\n", smuggled), obs_fold},
    {"zero_cl_nul", post("Content-Length\0: 36\r\n"s, smuggled),
     control_character},
    {"zero_cl_second_line", post("X: y\n Content-Length: 36\r\n", smuggled),
     bare_line_feed},
    {"zero_cl_in_1_0",
     "POST / HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: 36\r\n\r\n"
       + smuggled,
     repeated_content_length},
  };
  all.insert(all.end(), lengths.begin(), lengths.end());
}

void add_encodings(list& all) {
  const auto coding = [](const std::string& value) {
    return post("Transfer-Encoding:" + value + "\r\n", "0\r\n\r\n" + smuggled);
  };
  const std::string both = "0\r\n\r\n" + smuggled;
  const list encodings{
    {"cl_te", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", both),
     length_with_encoding},
    {"te_cl", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", both),
     length_with_encoding},
    {"cl_te_zero",
     post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", both),
     length_with_encoding},
    {"cl_te_identity",
     post("Content-Length: 5\r\nTransfer-Encoding: identity\r\n", both),
     length_with_encoding},
    {"te_te_repeated",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", both),
     bad_transfer_encoding},
    {"te_te_other",
     post("Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n", both),
     bad_transfer_encoding},
    {"te_gzip_chunked", coding(" gzip, chunked"), bad_transfer_encoding},
    {"te_chunked_gzip", coding(" chunked, gzip"), bad_transfer_encoding},
    {"te_chunked_twice", coding(" chunked, chunked"), bad_transfer_encoding},
    {"te_comma_first", coding(" ,chunked"), bad_transfer_encoding},
    {"te_comma_last", coding(" chunked,"), bad_transfer_encoding},
    {"te_parameter", coding(" chunked;q=1"), bad_transfer_encoding},
    {"te_quoted", coding(" \"chunked\""), bad_transfer_encoding},
    {"te_empty", coding(""), bad_transfer_encoding},
    {"te_latin1", coding(" chunked\xa0"), bad_transfer_encoding},
    {"te_inner_space", coding(" chun ked"), bad_transfer_encoding},
    {"te_vertical_tab",
     coding(" \x0b"
            "chunked"),
     control_character},
    {"te_nul", coding(" chunked\0"s), control_character},
    {"te_xchunked", coding(" xchunked"), unsupported_transfer_encoding},
    {"te_identity", coding(" identity"), unsupported_transfer_encoding},
    {"te_name_space_first", post(" Transfer-Encoding: chunked\r\n", both),
     obs_fold},
    {"te_name_no_colon", post("Transfer-Encoding chunked\r\n", both),
     bad_field_name},
    {"te_hidden_by_lf", post("X: x\nTransfer-Encoding: chunked\r\n", both),
     bare_line_feed},
    {"te_1_0",
     "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n" + both,
     encoding_in_http_1_0},
    // Cases that Beast learned to refuse in 1.92, by its issue's number.
    {"beast_3096_chunked_1_0",
     "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + both,
     encoding_in_http_1_0},
    {"beast_3096_keep_alive_1_0",
     "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
     "Transfer-Encoding: chunked\r\n\r\n"
       + both,
     encoding_in_http_1_0},
    {"beast_3098_gzip_length",
     post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", both),
     unsupported_transfer_encoding},
    {"beast_3098_xchunked_length",
     post("Transfer-Encoding: chunked, x\r\nContent-Length: 5\r\n", both),
     bad_transfer_encoding},
    {"beast_3100_gzip", coding(" gzip"), unsupported_transfer_encoding},
    {"beast_3100_not_last", coding(" chunked, identity"),
     bad_transfer_encoding},
  };
  all.insert(all.end(), encodings.begin(), encodings.end());
}

void add_chunks(list& all) {
  const list chunks{
    {"chunk_no_size", chunked("\r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_no_hex", chunked("g\r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_0x", chunked("0x5\r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_plus", chunked("+5\r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_minus", chunked("-1\r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_space_first", chunked(" 5\r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_space_last", chunked("5 \r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_underscore", chunked("0_5\r\nhello\r\n0\r\n\r\n"), bad_chunk_size},
    {"chunk_9_digits", chunked("000000005\r\nhello\r\n0\r\n\r\n"),
     bad_chunk_size},
    {"chunk_overflow", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"),
     bad_chunk_size},
    {"chunk_nul", chunked("5\0\r\nhello\r\n0\r\n\r\n"s), bad_chunk_size},
    {"chunk_lf", chunked("5\nhello\r\n0\r\n\r\n"), bare_line_feed},
    {"chunk_cr", chunked("5\rhello\r\n0\r\n\r\n"), bare_carriage_return},
    {"chunk_two_cr", chunked("5\r\r\nhello\r\n0\r\n\r\n"),
     bare_carriage_return},
    {"chunk_too_long", chunked("4\r\nhello\r\n0\r\n\r\n"), bad_chunk_ending},
    {"chunk_too_short", chunked("6\r\nhello\r\n0\r\n\r\n"), bad_chunk_ending},
    {"chunk_data_lf", chunked("5\r\nhello\n0\r\n\r\n"), bad_chunk_ending},
    {"chunk_data_cr", chunked("5\r\nhello\r0\r\n\r\n"), bad_chunk_ending},
    {"chunk_no_ending", chunked("5\r\nhello0\r\n\r\n"), bad_chunk_ending},
    {"chunk_last_lf", chunked("0\n\r\n"), bare_line_feed},
    {"chunk_end_lf", chunked("0\r\n\n"), bare_line_feed},
    {"chunk_extension_lf", chunked("5;a\nhello\r\n0\r\n\r\n"), bare_line_feed},
    {"chunk_extension_empty", chunked("5;\r\nhello\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"chunk_extension_no_value", chunked("5;a=\r\nhello\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"chunk_extension_space", chunked("5; a\r\nhello\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"chunk_extension_open_quote", chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"chunk_extension_after_quote", chunked("5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"chunk_extension_257",
     chunked("1;" + std::string(256, 'x') + "\r\na\r\n0\r\n\r\n"),
     chunk_extension_too_long},
    {"chunk_extension_endless", chunked("1;a=\"" + std::string(300, 'x')),
     chunk_extension_too_long},
    {"beast_3102_quoted_lf", chunked("1;a=\"\n\"\r\na\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"beast_3102_quoted_nul", chunked("1;a=\"\0\"\r\na\r\n0\r\n\r\n"s),
     bad_chunk_extension},
    {"beast_3102_quoted_control", chunked("1;a=\"\x01\"\r\na\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"beast_3102_quoted_delete", chunked("1;a=\"\x7f\"\r\na\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"beast_3102_escaped_lf", chunked("1;a=\"\\\n\"\r\na\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"beast_3102_quoted_crlf", chunked("1;a=\"\r\n\"\r\na\r\n0\r\n\r\n"),
     bad_chunk_extension},
    {"beast_3094_trailer_connection", chunked("0\r\nConnection: close\r\n\r\n"),
     framing_field_in_trailer},
    {"beast_3094_trailer_upgrade", chunked("0\r\nUpgrade: websocket\r\n\r\n"),
     framing_field_in_trailer},
    {"beast_3094_trailer_length", chunked("0\r\nContent-Length: 5\r\n\r\n"),
     framing_field_in_trailer},
    {"beast_3094_trailer_encoding",
     chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"),
     framing_field_in_trailer},
    {"trailer_host", chunked("0\r\nhOST: b\r\n\r\n"), framing_field_in_trailer},
    {"trailer_authorization", chunked("0\r\nAuthorization: x\r\n\r\n"),
     framing_field_in_trailer},
    {"trailer_space_colon", chunked("0\r\nX : b\r\n\r\n"), space_before_colon},
    {"trailer_fold", chunked("0\r\nX: a\r\n b\r\n\r\n"), obs_fold},
    {"trailer_lf", chunked("0\r\nX: a\n\r\n"), bare_line_feed},
    {"trailer_cr", chunked("0\r\nX: a\rb\r\n\r\n"), bare_carriage_return},
    {"trailer_request", chunked("0\r\nGET /smuggled HTTP/1.1\r\n\r\n"),
     bad_field_name},
    {"trailer_too_large",
     chunked("0\r\nX: " + std::string(8192, 'a') + "\r\n\r\n"),
     headers_too_large},
    {"trailer_65", chunked("0\r\n" + many_fields(65) + "\r\n"),
     too_many_fields},
    {"chunk_body_too_large", chunked("ffffffff\r\na"), body_too_large},
    {"chunk_incomplete", chunked("5\r\nhel"), incomplete},
    {"chunk_without_end", chunked("5\r\nhello\r\n0\r\n"), incomplete},
  };
  all.insert(all.end(), chunks.begin(), chunks.end());
}

} // namespace

const std::vector<corpus_entry>& framing_corpus() {
  static const list all = [] {
    list made;
    add_good(made);
    add_request_lines(made);
    add_fields(made);
    add_lengths(made);
    add_encodings(made);
    add_chunks(made);
    return made;
  }();
  return all;
}

} // namespace assistly::http
