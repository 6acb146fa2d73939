#include "protocol/json/fields.hpp"

#include <gtest/gtest.h>

namespace assistly::json {

namespace {

json_fields read(std::string_view json) {
  json_fields out;
  EXPECT_TRUE(out.add_json(json)) << json;
  return out;
}

bool is_refused(std::string_view json) {
  json_fields out;
  return !out.add_json(json);
}

TEST(json_fields, gives_each_scalar_its_path) {
  const auto got =
    read(R"( {"a":{"b":"x","c":[1,{"d":true}]},"e":null,"f":-1.5e+3} )");
  EXPECT_EQ(got.text("a.b"), "x");
  EXPECT_EQ(got.number("a.c.0"), 1);
  EXPECT_EQ(got.flag("a.c.1.d"), true);
  EXPECT_EQ(got.text("e"), "");
  EXPECT_TRUE(got.has("e"));
  EXPECT_EQ(got.text("f"), "-1.5e+3");
  EXPECT_TRUE(got.has("a"));
  EXPECT_FALSE(got.has("a.x"));
}

TEST(json_fields, keeps_every_digit_of_a_long_id) {
  EXPECT_EQ(read(R"({"id":17841400000000501999})").text("id"),
            "17841400000000501999");
}

TEST(json_fields, joins_surrogate_pairs_and_replaces_lone_ones) {
  EXPECT_EQ(read(R"({"t":"\u00e4\ud83d\udeb2\/"})").text("t"), "ä🚲/");
  EXPECT_EQ(read(R"({"t":"\ud83dx"})").text("t"), "\ufffdx");
  EXPECT_EQ(read(R"({"t":"\udeb2"})").text("t"), "\ufffd");
  EXPECT_EQ(read(R"({"t":"\ud83d\u0041"})").text("t"), "\ufffdA");
}

TEST(json_fields, refuses_what_is_not_one_object) {
  for (const auto* json :
       {"", "[]", "1", "{", "{}x", R"({"a"})", R"({"a":})", R"({"a":01})",
        R"({"a":1,})", R"({'a':1})", R"({"a":"\x"})", R"({"a":"\u12"})",
        "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", R"({"a":nul})", R"({"a":1.})",
        R"({"a":-})"})
    EXPECT_TRUE(is_refused(json)) << json;
}

TEST(json_fields, refuses_deep_nesting) {
  std::string json = "{\"a\":";
  json.append(100000, '[');
  EXPECT_TRUE(is_refused(json));
}

TEST(json_fields, refuses_endless_lists) {
  std::string json = "{\"a\":[1";
  for (int i = 0; i < 5000; ++i)
    json += ",1";
  EXPECT_TRUE(is_refused(json + "]}"));
}

TEST(json_fields, reads_forms_with_json_in_their_values) {
  json_fields got;
  ASSERT_TRUE(got.add_form(
    "recipient=%7B%22id%22%3A%2270%22%7D&message=%7B%22text%22%3A%22a%2Bb%22%7D"
    "&x=1+2&empty"));
  EXPECT_EQ(got.text("recipient.id"), "70");
  EXPECT_EQ(got.text("message.text"), "a+b");
  EXPECT_EQ(got.text("x"), "1 2");
  EXPECT_TRUE(got.has("empty"));
}

TEST(json_fields, refuses_badly_encoded_forms) {
  json_fields got;
  EXPECT_FALSE(got.add_form("a=%zz"));
  EXPECT_FALSE(got.add_form("a=%ff"));
}

TEST(json_fields, lets_the_first_of_a_name_count) {
  EXPECT_EQ(read(R"({"a":"1","a":"2"})").text("a"), "1");
}

TEST(json_fields, gives_the_objects_of_an_array_by_themselves) {
  const auto got =
    read(R"({"a":[{"x":1,"y":{"z":"two"}},{"x":3}],"ab":[{"x":4}],"b":[5]})");
  const auto all = got.objects_of("a");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].text("x"), "1");
  EXPECT_EQ(all[0].text("y.z"), "two");
  EXPECT_EQ(all[1].text("x"), "3");
  EXPECT_TRUE(got.objects_of("b").empty()) << "no objects";
  EXPECT_TRUE(got.objects_of("c").empty());
}

TEST(json_fields, takes_more_scalars_where_it_is_told_to) {
  std::string json = "{\"a\":[0";
  for (int i = 0; i < 3'000; ++i)
    json += ",0";
  json += "]}";
  EXPECT_FALSE(json_fields{}.add_json(json));
  EXPECT_TRUE(json_fields{}.add_json(json, {}, 5'000));
}

TEST(json_fields, reads_flags_however_they_are_written) {
  const auto got = read(R"({"a":true,"b":"false","c":1,"d":"no"})");
  EXPECT_EQ(got.flag("a"), true);
  EXPECT_EQ(got.flag("b"), false);
  EXPECT_EQ(got.flag("c"), true);
  EXPECT_EQ(got.flag("d"), std::nullopt);
  EXPECT_EQ(got.flag("e"), std::nullopt);
}

} // namespace

} // namespace assistly::json
