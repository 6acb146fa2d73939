#include "protocol/json/fields.hpp"
#include "protocol/json/utf8.hpp"
#include "protocol/json/writer.hpp"

#include <gtest/gtest.h>

namespace assistly::json {

namespace {

std::string written(std::string_view text, json_form form) {
  std::string out;
  append_json_text(out, text, form);
  return out;
}

TEST(json_writer, escapes_as_meta_does) {
  EXPECT_EQ(written("äöü 🚲 https://x/y", json_form::escaped),
            R"("\u00e4\u00f6\u00fc \ud83d\udeb2 https:\/\/x\/y")");
  EXPECT_EQ(written("\"\\\n\r\t\x01", json_form::escaped),
            R"("\"\\\n\r\t\u0001")");
}

TEST(json_writer, leaves_utf8_alone_for_our_own_pages) {
  EXPECT_EQ(written("ä/🚲", json_form::utf8), "\"ä/🚲\"");
}

TEST(json_writer, replaces_bytes_that_are_no_utf8) {
  EXPECT_EQ(written("a\xff\xc3", json_form::escaped), R"("a\ufffd\ufffd")");
  // A surrogate in UTF-8, and an overlong slash.
  EXPECT_EQ(written("\xed\xa0\x80", json_form::utf8), "\"\ufffd\ufffd\ufffd\"");
  EXPECT_EQ(written("\xc0\xaf", json_form::utf8), "\"\ufffd\ufffd\"");
}

TEST(json_writer, sets_commas_where_they_belong) {
  json_writer out{json_form::utf8};
  out.open().text("a", "1").key("b").open_list().number(1).open().close();
  out.null().close_list().flag("c", false).close();
  EXPECT_EQ(out.view(), R"({"a":"1","b":[1,{},null],"c":false})");
}

TEST(json_writer, writes_what_the_reader_reads) {
  std::string every;
  for (char32_t c = 1; c < 0x110000; c += c < 0x800 ? 1 : 0x1f1)
    if (c < 0xd800 || c > 0xdfff)
      append_utf8(every, c);
  for (const auto form : {json_form::escaped, json_form::utf8}) {
    json_writer out{form};
    out.open().text("t", every).close();
    json_fields back;
    ASSERT_TRUE(back.add_json(out.view()));
    EXPECT_EQ(back.text("t"), every);
  }
}

TEST(utf8, counts_code_points_and_not_bytes) {
  EXPECT_EQ(count_code_points("aä🚲"), 3U);
  EXPECT_TRUE(is_utf8("aä🚲"));
  EXPECT_FALSE(is_utf8("\xf5\x80\x80\x80"));
  EXPECT_FALSE(is_utf8("\xe2\x82"));
}

} // namespace

} // namespace assistly::json
