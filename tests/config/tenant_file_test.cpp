#include "config/tenant_file.hpp"
#include "tests/config/fault_lookup.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assistly::config {
namespace {

// INTERFACE section 4, word for word but for the token.
constexpr std::string_view acme = R"(
[tenant]
id = "acme"                      # [a-z0-9-]{1,40}
name = "Acme Shop"
email = "owner@acme.example"
website = "https://acme.example"
languages = ["en", "es"]

[retention]
conversation_days = 30           # last activity + this = the end
turn_days = 365

[handover]
message = "A colleague will answer you soon."
return_after_minutes = 90

[answers]
quiet_seconds = 0

[[channel]]
kind = "messenger"
account_id = "102030405060708"
access_token = "EAAB-canary"
mode = "draft"

[[channel]]
kind = "instagram"
account_id = "17841400000000001"
access_token = "IGAA-canary"
login = "page"
page_id = "102030405060708"

[[channel]]
kind = "whatsapp"
account_id = "300400500600700"
business_account_id = "200300400500600"
access_token = "EAAW-canary"

[[knowledge]]
title = "Opening hours"
answer = """We are open Monday to Saturday,
9:00 to 18:00."""
questions = ["when are you open", "opening hours", "are you open on sunday"]

[[knowledge]]
id = "delivery-es"
title = "Envíos"
answer = "Sí."
language = "es"
url = "https://acme.example/envios"

[[comment_rule]]
channel = "page_comments"
match = ["Price", "how much"]
public_reply = "We have sent you a message!"
private_reply = "answer"

[[member]]
email = "ana@acme.example"
role = "agent"
)";

const retention_settings bounds = default_settings().retention;

checked<tenant_plan> read(std::string_view text) {
  return parse_tenant(text, {}, bounds);
}

TEST(parse_tenant, takes_every_field_of_the_interface_page) {
  const auto result = read(acme);
  ASSERT_TRUE(result) << all_text(result.faults);
  const tenant_settings& t = result.value->settings;
  EXPECT_EQ(t.slug, "acme");
  EXPECT_EQ(t.name, "Acme Shop");
  EXPECT_EQ(t.email, "owner@acme.example");
  EXPECT_EQ(t.website, "https://acme.example");
  EXPECT_EQ(t.languages, (std::vector<std::string>{"en", "es"}));
  EXPECT_EQ(t.retention.conversation, days{30});
  EXPECT_EQ(t.retention.turn, days{365});
  EXPECT_EQ(t.handover_message, "A colleague will answer you soon.");
  EXPECT_EQ(t.return_after, minutes{90});
  EXPECT_EQ(t.quiet, milliseconds{0});
  ASSERT_EQ(t.comment_rules.size(), 1U);
  EXPECT_EQ(t.comment_rules[0], (comment_rule{channel_kind::page_comments,
                                              {"price", "how much"},
                                              "We have sent you a message!",
                                              "answer"}));
  ASSERT_EQ(t.members.size(), 1U);
  EXPECT_EQ(t.members[0], (member_seat{"ana@acme.example", "agent"}));
}

TEST(parse_tenant, takes_channels_of_different_kinds) {
  const auto result = read(acme);
  ASSERT_TRUE(result) << all_text(result.faults);
  const auto& channels = result.value->channels;
  ASSERT_EQ(channels.size(), 3U);
  EXPECT_EQ(channels[0].kind, channel_kind::messenger);
  EXPECT_EQ(channels[0].access.account_id, "102030405060708");
  EXPECT_EQ(channels[0].access.token.reveal(), "EAAB-canary");
  EXPECT_EQ(channels[0].mode, channel_mode::draft);
  EXPECT_FALSE(channels[0].access.page_login);
  EXPECT_EQ(channels[1].kind, channel_kind::instagram);
  EXPECT_TRUE(channels[1].access.page_login);
  EXPECT_EQ(channels[1].access.page_id, "102030405060708");
  EXPECT_EQ(channels[1].mode, channel_mode::automatic);
  EXPECT_EQ(channels[2].kind, channel_kind::whatsapp);
  EXPECT_EQ(channels[2].access.business_account_id, "200300400500600");
}

TEST(parse_tenant, takes_knowledge_under_its_id_or_else_its_title) {
  const auto result = read(acme);
  ASSERT_TRUE(result) << all_text(result.faults);
  const auto& knowledge = result.value->knowledge;
  ASSERT_EQ(knowledge.size(), 2U);
  EXPECT_EQ(knowledge[0].key, "Opening hours");
  EXPECT_EQ(knowledge[0].answer,
            "We are open Monday to Saturday,\n9:00 to 18:00.");
  EXPECT_EQ(knowledge[0].questions.size(), 3U);
  EXPECT_EQ(knowledge[1].key, "delivery-es");
  EXPECT_EQ(knowledge[1].title, "Envíos");
  EXPECT_EQ(knowledge[1].language, "es");
  EXPECT_EQ(knowledge[1].url, "https://acme.example/envios");
}

TEST(parse_tenant, needs_no_more_than_id_and_name) {
  const auto result = read("[tenant]\nid = \"a\"\nname = \"A\"\n");
  ASSERT_TRUE(result) << all_text(result.faults);
  const tenant_settings& t = result.value->settings;
  EXPECT_EQ(t.languages, std::vector<std::string>{"en"});
  EXPECT_EQ(t.retention.conversation, days{30});
  EXPECT_EQ(t.retention.turn, days{365});
  EXPECT_EQ(t.return_after, minutes{120});
  EXPECT_TRUE(t.handover_message.empty());
  EXPECT_FALSE(t.quiet);
}

TEST(parse_tenant, reports_five_faults_of_one_file_at_once) {
  const auto result = read("[tenant]\n"
                           "id = \"Acme Shop\"\n"
                           "name = \"Acme\"\n"
                           "email = \"nobody\"\n"
                           "[retention]\n"
                           "conversation_days = 4000\n"
                           "[[channel]]\n"
                           "kind = \"telegram\"\n"
                           "account_id = \"1\"\n"
                           "access_token = \"EAAcanary\"\n"
                           "[[member]]\n"
                           "email = \"ana@acme.example\"\n"
                           "role = \"boss\"\n");
  EXPECT_FALSE(result);
  ASSERT_EQ(result.faults.size(), 5U) << all_text(result.faults);
  EXPECT_EQ(
    result.faults[0],
    (config_fault{"tenant.id", 2, 6,
                  "must be 1 to 40 of a-z, 0-9 and -, as \"acme-shop\""}));
  EXPECT_EQ(result.faults[1].key, "tenant.email");
  EXPECT_EQ(result.faults[2],
            (config_fault{"retention.conversation_days", 6, 21,
                          "must be a whole number from 1 to 365"}));
  EXPECT_EQ(result.faults[3].key, "channel[1].kind");
  EXPECT_EQ(result.faults[3].line, 8);
  EXPECT_EQ(result.faults[4].key, "member[1].role");
  const std::string text = all_text(result.faults);
  for (const char* value : {"Acme Shop", "nobody", "telegram", "EAA", "boss"})
    EXPECT_EQ(text.find(value), std::string::npos) << value;
}

TEST(parse_tenant, says_what_is_missing) {
  const auto nothing = read("");
  ASSERT_EQ(nothing.faults.size(), 1U);
  EXPECT_EQ(nothing.faults[0].key, "tenant");
  const auto empty = read("[tenant]\n[[channel]]\n[[knowledge]]\n[[member]]\n"
                          "[[comment_rule]]\n");
  for (const char* key :
       {"tenant.id", "tenant.name", "channel[1].kind", "channel[1].account_id",
        "channel[1].access_token", "knowledge[1].title", "knowledge[1].answer",
        "member[1].email", "member[1].role", "comment_rule[1].channel"})
    EXPECT_NE(fault_of(empty.faults, key).text.find("is missing: add"),
              std::string::npos)
      << key;
  EXPECT_EQ(empty.faults.size(), 10U) << all_text(empty.faults);
}

TEST(parse_tenant, reports_a_syntax_error_alone) {
  const auto result = read("[tenant]\nid = \"Acme\"\n[[channel]]\n"
                           "access_token = EAAcanary\n");
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults[0].line, 4);
  EXPECT_EQ(all_text(result.faults).find("EAA"), std::string::npos);
}

TEST(parse_tenant, refuses_unknown_keys_at_every_depth) {
  const auto result = read("colour = 1\n"
                           "[tenant]\nid = \"a\"\nname = \"A\"\nplan = 1\n"
                           "[retention]\nfoo = 1\n[handover]\nbar = 1\n"
                           "[answers]\nbaz = 1\n[shop]\n"
                           "[[member]]\nemail = \"a@b.example\"\n"
                           "role = \"owner\"\npassword = \"canary\"\n");
  for (const char* key :
       {"colour", "tenant.plan", "retention.foo", "handover.bar", "answers.baz",
        "shop", "member[1].password"})
    EXPECT_EQ(fault_of(result.faults, key).text, "is no known key") << key;
  EXPECT_EQ(result.faults.size(), 7U);
  EXPECT_EQ(all_text(result.faults).find("canary"), std::string::npos);
}

TEST(parse_tenant, says_how_a_section_is_written) {
  const auto result = read("tenant = \"a\"\nchannel = 1\n[member]\n"
                           "email = \"a@b.example\"\n");
  EXPECT_EQ(fault_of(result.faults, "tenant").text,
            "must be a section: write [tenant]");
  EXPECT_EQ(fault_of(result.faults, "channel").text,
            "must be written as [[channel]]");
  EXPECT_EQ(fault_of(result.faults, "member").text,
            "must be written as [[member]]");
}

TEST(load_tenant, names_a_file_that_is_not_there) {
  const auto result = load_tenant("/nowhere/acme.toml", bounds);
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults[0].text,
            "the file /nowhere/acme.toml does not exist");
}

TEST(load_tenant, finds_a_token_beside_the_file) {
  const test_folder folder;
  folder.write("token", "EAAfile\n");
  const auto file = folder.write(
    "acme.toml", "[tenant]\nid = \"a\"\nname = \"A\"\n[[channel]]\n"
                 "kind = \"messenger\"\naccount_id = \"1\"\n"
                 "access_token_file = \"token\"\n");
  const auto result = load_tenant(file, bounds);
  ASSERT_TRUE(result) << all_text(result.faults);
  EXPECT_EQ(result.value->channels.at(0).access.token.reveal(), "EAAfile");
}

} // namespace
} // namespace assistly::config
