#include "config/tenant_file.hpp"
#include "config/tenant_sections.hpp"
#include "tests/config/fault_lookup.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assistly::config {
namespace {

const retention_settings bounds = default_settings().retention;

/// The faults of a file that is right but for `rest`, which may go on in the
/// [tenant] table.
std::vector<config_fault>
faults_with(std::string_view rest, const retention_settings& within = bounds) {
  return parse_tenant("[tenant]\nid = \"a\"\nname = \"A\"\n"
                        + std::string{rest},
                      {}, within)
    .faults;
}

std::string channel(std::string_view kind, std::string_view rest = "") {
  return "[[channel]]\nkind = \"" + std::string{kind}
         + "\"\naccount_id = \"17\"\naccess_token = \"t-canary\"\n"
         + std::string{rest};
}

std::string knowledge(std::string_view rest) {
  return "[[knowledge]]\nanswer = \"Yes.\"\n" + std::string{rest};
}

TEST(tenant_languages, must_look_like_languages_and_stand_once) {
  EXPECT_EQ(faults_with("languages = [\"en\", \"English\"]\n").at(0).key,
            "tenant.languages[2]");
  EXPECT_NE(
    faults_with("languages = [\"en\", \"en\"]\n").at(0).text.find("once"),
    std::string::npos);
  EXPECT_NE(faults_with("languages = \"en\"\n").at(0).text.find("a list"),
            std::string::npos);
}

TEST(tenant_website, must_be_a_web_address) {
  EXPECT_EQ(faults_with("website = \"acme.example\"\n").at(0).key,
            "tenant.website");
}

TEST(tenant_name, must_be_one_line_and_not_endless) {
  EXPECT_EQ(parse_tenant("[tenant]\nid = \"a\"\nname = \"a\\nb\"\n", {}, bounds)
              .faults.size(),
            1U);
  EXPECT_EQ(parse_tenant("[tenant]\nid = \"a\"\nname = \""
                           + std::string(201, 'x') + "\"\n",
                         {}, bounds)
              .faults.at(0)
              .text,
            "must have at most 200 characters");
  EXPECT_EQ(parse_tenant("[tenant]\nid = \"a\"\nname = \"  \"\n", {}, bounds)
              .faults.at(0)
              .text,
            "must not be empty");
}

TEST(tenant_retention, takes_days_or_minutes_but_not_both) {
  EXPECT_TRUE(faults_with("[retention]\nconversation_minutes = 15\n").empty());
  const auto both = faults_with(
    "[retention]\nconversation_minutes = 15\nconversation_days = 1\n");
  ASSERT_EQ(both.size(), 1U);
  EXPECT_NE(both[0].text.find("keep one"), std::string::npos);
}

TEST(tenant_retention, stays_inside_the_operators_bounds) {
  retention_settings narrow = bounds;
  narrow.min_conversation = minutes{60};
  narrow.max_conversation = days{10};
  narrow.max_turn = days{20};
  for (const char* fits :
       {"conversation_minutes = 60", "conversation_minutes = 14400",
        "conversation_days = 1", "conversation_days = 10", "turn_days = 20"})
    EXPECT_TRUE(
      faults_with("[retention]\n" + std::string{fits} + '\n', narrow).empty())
      << fits;
  for (const char* outside :
       {"conversation_minutes = 59", "conversation_minutes = 14401",
        "conversation_days = 0", "conversation_days = 11", "turn_days = 21",
        "turn_days = 0", "conversation_days = 1.5",
        "conversation_days = \"1\""})
    EXPECT_EQ(
      faults_with("[retention]\n" + std::string{outside} + '\n', narrow).size(),
      1U)
      << outside;
}

TEST(tenant_retention, in_days_is_never_shorter_than_the_least_minutes) {
  retention_settings long_least = bounds;
  long_least.min_conversation = minutes{1441};
  EXPECT_EQ(
    faults_with("[retention]\nconversation_days = 1\n", long_least).at(0).text,
    "must be a whole number from 2 to 365");
}

TEST(tenant_retention, follows_the_operator_where_nothing_is_said) {
  retention_settings narrow = bounds;
  narrow.default_conversation = days{5};
  narrow.max_turn = days{6};
  const auto result =
    parse_tenant("[tenant]\nid = \"a\"\nname = \"A\"\n", {}, narrow);
  ASSERT_TRUE(result);
  EXPECT_EQ(result.value->settings.retention.conversation, days{5});
  EXPECT_EQ(result.value->settings.retention.turn, days{6});
}

TEST(tenant_handover, has_a_range_for_its_minutes) {
  for (const char* wrong : {"0", "43201", "\"120\""})
    EXPECT_EQ(faults_with("[handover]\nreturn_after_minutes = "
                          + std::string{wrong} + '\n')
                .size(),
              1U)
      << wrong;
}

TEST(tenant_answers, have_a_range_for_the_quiet_time) {
  EXPECT_TRUE(faults_with("[answers]\nquiet_seconds = 0.2\n").empty());
  for (const char* wrong : {"-1", "61", "nan", "\"2\""})
    EXPECT_EQ(
      faults_with("[answers]\nquiet_seconds = " + std::string{wrong} + '\n')
        .size(),
      1U)
      << wrong;
}

TEST(tenant_channel, may_not_stand_there_twice) {
  const auto twice = faults_with(channel("messenger") + channel("messenger"));
  ASSERT_EQ(twice.size(), 1U);
  EXPECT_EQ(twice[0].key, "channel[2].account_id");
  EXPECT_EQ(twice[0].line, 10);
  // One Page has messages and comments under the same id.
  EXPECT_TRUE(
    faults_with(channel("messenger") + channel("page_comments")).empty());
}

TEST(tenant_channel, wants_its_account_id_in_quotes) {
  const auto faults = faults_with("[[channel]]\nkind = \"messenger\"\n"
                                  "account_id = 17\naccess_token = \"t\"\n");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].text, "must be text in quotes");
}

TEST(tenant_channel, of_instagram_with_a_page_needs_the_pages_id) {
  for (const char* kind : {"instagram", "instagram_comments"}) {
    const auto faults = faults_with(channel(kind, "login = \"page\"\n"));
    ASSERT_EQ(faults.size(), 1U) << kind;
    EXPECT_EQ(faults[0].key, "channel[1].page_id");
    EXPECT_TRUE(
      faults_with(channel(kind, "login = \"page\"\npage_id = \"9\"\n"))
        .empty());
  }
  EXPECT_EQ(faults_with(channel("instagram", "page_id = \"9\"\n")).size(), 1U);
  EXPECT_EQ(faults_with(channel("instagram", "login = \"google\"\n")).size(),
            1U);
}

TEST(tenant_channel, refuses_keys_of_another_kind) {
  EXPECT_EQ(faults_with(channel("messenger", "business_account_id = \"9\"\n"))
              .at(0)
              .key,
            "channel[1].business_account_id");
  EXPECT_EQ(
    faults_with(channel("whatsapp", "login = \"instagram\"\n")).at(0).key,
    "channel[1].login");
  EXPECT_EQ(
    faults_with(channel("page_comments", "page_id = \"9\"\n")).at(0).key,
    "channel[1].page_id");
}

TEST(tenant_channel, knows_three_modes) {
  for (const char* mode : {"off", "draft", "automatic"})
    EXPECT_TRUE(faults_with(channel("messenger",
                                    "mode = \"" + std::string{mode} + "\"\n"))
                  .empty())
      << mode;
  EXPECT_EQ(faults_with(channel("messenger", "mode = \"loud\"\n")).size(), 1U);
}

TEST(tenant_channel, never_shows_its_token) {
  const auto faults =
    faults_with(channel("messenger", "access_token_file = \"/nowhere\"\n")
                + "[[channel]]\nkind = \"messenger\"\naccount_id = \"18\"\n"
                  "access_token = [\"t-canary\"]\n"
                + "[[channel]]\nkind = \"messenger\"\naccount_id = \"19\"\n"
                  "access_token = \"t-canary\\n\"\n"
                + "[[channel]]\nkind = \"messenger\"\naccount_id = \"20\"\n"
                  "access_token_file = \"/nowhere\"\n");
  ASSERT_EQ(faults.size(), 4U) << all_text(faults);
  EXPECT_EQ(all_text(faults).find("canary"), std::string::npos);
  EXPECT_NE(faults[3].text.find("the file /nowhere does not exist"),
            std::string::npos);
}

TEST(tenant_knowledge, is_told_apart_by_id_or_else_by_title) {
  EXPECT_EQ(
    faults_with(knowledge("title = \"T\"\n") + knowledge("title = \"T\"\n"))
      .at(0)
      .key,
    "knowledge[2].title");
  EXPECT_EQ(faults_with(knowledge("title = \"T\"\nid = \"i\"\n")
                        + knowledge("title = \"U\"\nid = \"i\"\n"))
              .at(0)
              .key,
            "knowledge[2].id");
  EXPECT_TRUE(faults_with(knowledge("title = \"T\"\nid = \"i\"\n")
                          + knowledge("title = \"T\"\nid = \"j\"\n"))
                .empty());
}

TEST(tenant_knowledge, may_not_take_the_title_of_another_entry_as_its_id) {
  EXPECT_EQ(faults_with(knowledge("title = \"delivery\"\n")
                        + knowledge("title = \"T\"\nid = \"delivery\"\n"))
              .at(0)
              .key,
            "knowledge[2].id");
}

TEST(tenant_knowledge, has_shapes_for_url_language_and_questions) {
  EXPECT_EQ(
    faults_with(knowledge("title = \"T\"\nurl = \"javascript:x\"\n")).at(0).key,
    "knowledge[1].url");
  EXPECT_NE(faults_with(knowledge("title = \"T\"\nlanguage = \"fr\"\n"))
              .at(0)
              .text.find("tenant.languages"),
            std::string::npos);
  EXPECT_EQ(faults_with(knowledge("title = \"T\"\nquestions = [\"a\", \"\"]\n"))
              .at(0)
              .key,
            "knowledge[1].questions[2]");
  EXPECT_EQ(faults_with(knowledge("title = \"T\"\nid = \"a b\"\n")).at(0).key,
            "knowledge[1].id");
}

TEST(tenant_comment_rule, is_for_comments_and_does_something) {
  EXPECT_EQ(faults_with("[[comment_rule]]\nchannel = \"messenger\"\n"
                        "public_reply = \"x\"\n")
              .at(0)
              .key,
            "comment_rule[1].channel");
  const auto idle = faults_with("[[comment_rule]]\nchannel = "
                                "\"page_comments\"\nmatch = [\"price\"]\n");
  ASSERT_EQ(idle.size(), 1U);
  EXPECT_EQ(idle[0].key, "comment_rule[1]");
  EXPECT_EQ(idle[0].line, 4);
  EXPECT_TRUE(faults_with("[[comment_rule]]\nchannel = \"page_comments\"\n"
                          "private_reply = \"answer\"\n")
                .empty());
}

TEST(tenant_comment_rule, keeps_to_what_instagram_takes) {
  EXPECT_EQ(faults_with("[[comment_rule]]\nchannel = \"instagram_comments\"\n"
                        "public_reply = \""
                        + std::string(301, 'x') + "\"\n")
              .at(0)
              .text,
            "must have at most 300 characters");
}

TEST(tenant_member, stands_once_whatever_the_case) {
  const std::string ana = "[[member]]\nemail = \"ana@acme.example\"\n"
                          "role = \"agent\"\n";
  const auto faults = faults_with(ana
                                  + "[[member]]\nemail = \"Ana@Acme.example\"\n"
                                    "role = \"owner\"\n");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].key, "member[2].email");
}

TEST(tenant_member, has_one_of_five_roles) {
  for (const char* role : {"owner", "admin", "agent", "viewer", "privacy"})
    EXPECT_TRUE(faults_with("[[member]]\nemail = \"a@b.example\"\nrole = \""
                            + std::string{role} + "\"\n")
                  .empty())
      << role;
  EXPECT_EQ(faults_with("[[member]]\nemail = \"a@b.example\"\n"
                        "role = \"root\"\n")
              .size(),
            1U);
}

} // namespace
} // namespace assistly::config
