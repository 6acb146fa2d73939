#include "config/shapes.hpp"

#include <gtest/gtest.h>

namespace assistly::config {
namespace {

TEST(parse_listen_address, takes_numeric_addresses_of_both_families) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:8080"),
            (listen_address{"127.0.0.1", 8080}));
  EXPECT_EQ(parse_listen_address("[::1]:0"), (listen_address{"::1", 0}));
  EXPECT_EQ(parse_listen_address("0.0.0.0:65535"),
            (listen_address{"0.0.0.0", 65535}));
}

TEST(parse_listen_address, refuses_names_and_broken_forms) {
  for (const char* text :
       {"", "localhost:80", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:8 ", "::1:80", "[::1]", "[127.0.0.1]:80",
        "0177.0.0.1:80", "127.0.0.1:80/x"})
    EXPECT_FALSE(parse_listen_address(text)) << text;
}

TEST(listen_address, is_written_as_it_is_read) {
  for (const char* text : {"127.0.0.1:8080", "[::1]:9090"})
    EXPECT_EQ(to_string(*parse_listen_address(text)), text);
  EXPECT_TRUE(is_loopback({"127.0.0.1", 1}));
  EXPECT_TRUE(is_loopback({"::1", 1}));
  EXPECT_FALSE(is_loopback({"0.0.0.0", 1}));
}

TEST(is_address_or_network, takes_both_and_refuses_the_rest) {
  for (const char* text : {"10.0.0.7", "10.0.0.0/8", "::1", "fd00::/8"})
    EXPECT_TRUE(is_address_or_network(text)) << text;
  for (const char* text : {"", "10.0.0.0/33", "10.0.0", "proxy", "::/129",
                           "10.0.0.0/", "10.0.0.0/8/8"})
    EXPECT_FALSE(is_address_or_network(text)) << text;
}

TEST(is_host_and_port, takes_names_and_addresses) {
  for (const char* text : {"shop.internal:8443", "10.0.0.7:1", "[::1]:9000"})
    EXPECT_TRUE(is_host_and_port(text)) << text;
  for (const char* text :
       {"shop", "shop:0", "shop:x", "a b:80", "u@h:80", ":80", "[x]:80"})
    EXPECT_FALSE(is_host_and_port(text)) << text;
}

TEST(is_web_url, takes_http_and_https) {
  for (const char* text :
       {"https://acme.example", "http://127.0.0.1:8090", "http://[::1]:8090/v1",
        "https://acme.example/a?b=c#d", "http://[::1]"})
    EXPECT_TRUE(is_web_url(text)) << text;
}

TEST(is_web_url, refuses_other_schemes_credentials_and_blanks) {
  for (const char* text :
       {"", "acme.example", "ftp://acme.example", "javascript:alert(1)",
        "https://", "https://u:p@acme.example", "https://a b.example",
        "https://acme.example\n", "https://acme.example:", "https://:80",
        "https://a.example:99999", "HTTPS//x"})
    EXPECT_FALSE(is_web_url(text)) << text;
}

TEST(is_email, takes_usual_addresses_and_refuses_the_rest) {
  for (const char* text : {"owner@acme.example", "a.b+c@mail.acme.example"})
    EXPECT_TRUE(is_email(text)) << text;
  for (const char* text :
       {"", "owner", "@acme.example", "owner@acme", "a@b@c.example",
        "a b@acme.example", "a@.example", "a@acme..example", "a@acme.example.",
        "a\r\n@acme.example", "<a@acme.example>", "a@acme.example\r\nBcc:x"})
    EXPECT_FALSE(is_email(text)) << text;
}

TEST(is_language, takes_language_with_region_or_script) {
  for (const char* text : {"en", "es", "fil", "pt-BR", "zh-Hant"})
    EXPECT_TRUE(is_language(text)) << text;
  for (const char* text : {"", "e", "EN", "english", "pt-br", "zh-hant", "en-"})
    EXPECT_FALSE(is_language(text)) << text;
}

TEST(is_slug, takes_forty_characters_and_not_one_more) {
  EXPECT_TRUE(is_slug("acme-2"));
  EXPECT_TRUE(is_slug(std::string(40, 'a')));
  for (const std::string& text :
       {std::string{}, std::string(41, 'a'), std::string{"Acme"},
        std::string{"a_b"}, std::string{"a b"}, std::string{"ä"}})
    EXPECT_FALSE(is_slug(text)) << text;
}

TEST(is_api_version, takes_v_number_dot_number) {
  EXPECT_TRUE(is_api_version("v25.0"));
  for (const char* text : {"", "25.0", "v25", "v.0", "v25.", "v25.0.1", "v2x.0",
                           "v25.0 ", "V25.0"})
    EXPECT_FALSE(is_api_version(text)) << text;
}

} // namespace
} // namespace assistly::config
