#include "protocol/graph/look_up.hpp"
#include "protocol/graph/shown_json.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly::graph {
namespace {

const secret_text token{"EAAtesttoken"};
const secret_text app_secret{"assistly-test-app-secret"};
constexpr auto proof =
  "13be83d4fcc4612bdd4ff7b12f323e238602e22a2bb906779c2178f3315437f3";
const endpoints meta;
const channel_login by_page{channel_login::by::page, "500"};
const channel_login by_instagram{channel_login::by::instagram, ""};

outgoing answer_to(channel_kind channel) {
  outgoing m;
  m.channel = channel;
  m.account_id = "100";
  m.recipient_external_id = "700";
  m.comment_id = "20_30";
  m.text = "At nine.";
  return m;
}

std::string url_of(const outgoing& m, const channel_login& login = by_page) {
  auto call = build_look_up(m, meta, login, token, app_secret);
  if (!call)
    return "refused";
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->body, "");
  EXPECT_EQ(call->headers.front(), "Authorization: Bearer EAAtesttoken");
  EXPECT_EQ(call->url.find("EAAtesttoken"), std::string::npos);
  return call->url;
}

std::optional<shown_page> read(const outgoing& m, std::string_view body,
                               int status = 200,
                               const channel_login& login = by_page) {
  return read_look_up(m, login, status, body);
}

const std::string fields =
  "messages.limit%2820%29%7Bid%2Ccreated_time%2Cfrom%2Cmessage%7D";

TEST(build_look_up, asks_for_the_conversation_of_the_customer) {
  EXPECT_EQ(url_of(answer_to(channel_kind::messenger)),
            "https://graph.facebook.com/v25.0/100/conversations?platform="
            "messenger&user_id=700&fields="
              + fields + "&appsecret_proof=" + proof);
}

TEST(build_look_up, goes_where_the_instagram_account_was_connected) {
  EXPECT_EQ(url_of(answer_to(channel_kind::instagram), by_instagram),
            "https://graph.instagram.com/v25.0/100/conversations?platform="
            "instagram&user_id=700&fields="
              + fields)
    << "and takes no proof there";
  EXPECT_TRUE(url_of(answer_to(channel_kind::instagram))
                .starts_with("https://graph.facebook.com/v25.0/500/"));
}

TEST(build_look_up, asks_for_the_replies_below_the_comment) {
  EXPECT_TRUE(
    url_of(answer_to(channel_kind::page_comments))
      .starts_with("https://graph.facebook.com/v25.0/20_30/comments?fields="
                   "id%2Cmessage%2Ccreated_time%2Cfrom&order="));
  auto below = answer_to(channel_kind::instagram_comments);
  below.comment_parent_id = "20_10";
  EXPECT_TRUE(
    url_of(below, by_instagram)
      .starts_with("https://graph.instagram.com/v25.0/20_10/replies?fields="
                   "id%2Ctext%2Ctimestamp%2Cfrom&limit="))
    << "where Instagram takes them";
}

TEST(build_look_up, looks_for_a_private_reply_where_its_reader_is_known) {
  auto m = answer_to(channel_kind::instagram_comments);
  m.private_reply = true;
  EXPECT_NE(url_of(m, by_instagram).find("/100/conversations?"),
            std::string::npos);
  m.channel = channel_kind::page_comments;
  EXPECT_EQ(url_of(m), "refused");
}

TEST(build_look_up, refuses_where_there_is_nothing_to_ask) {
  EXPECT_EQ(url_of(answer_to(channel_kind::whatsapp)), "refused");
  auto m = answer_to(channel_kind::page_comments);
  m.comment_id = "../1";
  EXPECT_EQ(url_of(m), "refused");
  m = answer_to(channel_kind::messenger);
  m.recipient_external_id = "";
  EXPECT_EQ(url_of(m), "refused");
  m.recipient_external_id = "7&access_token=x";
  EXPECT_NE(url_of(m).find("user_id=7%26access_token%3Dx"), std::string::npos);
}

const std::string conversation =
  R"({"data":[{"id":"t_1","messages":{"data":[
  {"id":"m2","created_time":"2026-11-20T00:00:09+0000","from":{"id":"100"},"message":"At nine."},
  {"id":"m1","created_time":"2026-11-20T01:00:00+01:00","from":{"id":"700"},"message":"When?"},
  {"id":"m0","created_time":"2026-11-19T23:59:00Z","from":{"id":"99"}}]MORE}}]})";

std::string with(const std::string& more) {
  auto text = conversation;
  return text.replace(text.find("MORE"), 4, more);
}

TEST(read_look_up, tells_who_said_what_and_when) {
  const auto page = read(answer_to(channel_kind::messenger), with(""));
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->whole);
  ASSERT_EQ(page->messages.size(), 3U);
  EXPECT_EQ(page->messages[0].from, shown_side::business);
  EXPECT_EQ(page->messages[0].external_id, "m2");
  EXPECT_EQ(page->messages[0].text, "At nine.");
  EXPECT_EQ(page->messages[1].from, shown_side::customer);
  EXPECT_EQ(page->messages[0].at - page->messages[1].at, seconds{9});
  EXPECT_EQ(page->messages[2].from, shown_side::unsaid);
}

TEST(read_look_up, says_when_there_is_more) {
  const auto m = answer_to(channel_kind::messenger);
  EXPECT_FALSE(
    read(m, with(R"(,"paging":{"cursors":{"after":"a"},"next":"https://x"})"))
      ->whole);
  EXPECT_FALSE(read(m, with(R"(,"paging":{"next":"https://x"})"))->whole);
  EXPECT_TRUE(read(m, with(R"(,"paging":{"cursors":{"after":"a"}})"))->whole);
}

TEST(read_look_up, reads_the_replies_of_both_kinds) {
  const auto page =
    read(answer_to(channel_kind::page_comments),
         R"({"data":[{"id":"c1","message":"499","from":{"id":"100"},)"
         R"("created_time":"2026-11-20T00:00:00+0000"}]})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->messages.at(0).from, shown_side::business);
  EXPECT_EQ(page->messages.at(0).text, "499");
  const auto other =
    read(answer_to(channel_kind::instagram_comments),
         R"({"data":[{"id":"c1","text":"499","from":{"id":"7"},)"
         R"("timestamp":"2026-11-20T00:00:00+0000"}]})");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->messages.at(0).from, shown_side::customer);
  EXPECT_EQ(other->messages.at(0).text, "499");
  EXPECT_TRUE(read(answer_to(channel_kind::page_comments), R"({"data":[]})"))
    << "no reply is an answer, too";
}

TEST(read_look_up, proves_nothing_by_what_is_no_whole_answer) {
  const auto m = answer_to(channel_kind::messenger);
  for (const auto* body :
       {"", "<html>", "{}", R"({"data":{}})", R"({"data":[]})",
        R"({"data":[{"id":"t_1"}]})",
        R"({"data":[{"messages":{"data":[]}},{"messages":{"data":[]}}]})",
        R"({"data":[{"messages":{"data":[{"id":"m1"}]}}]})",
        R"({"data":[{"messages":{"data":["m1"]}}]})",
        R"({"error":{"code":2},"data":[{"messages":{"data":[]}}]})"})
    EXPECT_FALSE(read(m, body)) << body;
  EXPECT_FALSE(read(m, with(""), 500));
}

TEST(parse_graph_time, takes_metas_form_and_refuses_others) {
  EXPECT_EQ(parse_graph_time("1970-01-02T00:00:01+0000"),
            from_unix_ms(86'401'000));
  EXPECT_EQ(parse_graph_time("1970-01-01T02:00:00+0200"), from_unix_ms(0));
  EXPECT_EQ(parse_graph_time("1969-12-31T22:30:00-01:30"), from_unix_ms(0));
  for (const auto* text :
       {"", "now", "1970-01-01", "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z",
        "1970-01-01T24:00:00Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00+1",
        "1970-01-01T00:00:00Zx"})
    EXPECT_FALSE(parse_graph_time(text)) << text;
}

} // namespace
} // namespace assistly::graph
