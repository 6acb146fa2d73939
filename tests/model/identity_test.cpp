#include "model/identity.hpp"
#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

#include <set>

namespace assistly {
namespace {

using fakes::comment_of;
using fakes::customer_text;

const auto now = fakes::some_morning;

TEST(conversation_key,
     is_the_same_for_whatever_one_person_writes_on_a_channel) {
  EXPECT_EQ(conversation_key(customer_text("one", now, "m_1")),
            conversation_key(customer_text("two", now + days{9}, "m_2")));
}

TEST(conversation_key, differs_by_channel_account_space_and_person) {
  auto base = customer_text("x", now);
  std::set<std::string> keys{conversation_key(base)};
  auto other = base;
  other.channel = channel_kind::instagram;
  keys.insert(conversation_key(other));
  other = base;
  other.account_id = "page2";
  keys.insert(conversation_key(other));
  other = base;
  other.person[0].external_id = "customer2";
  keys.insert(conversation_key(other));
  other = base;
  other.person[0].space = alias_space::igsid;
  keys.insert(conversation_key(other));
  EXPECT_EQ(keys.size(), 5u);
}

TEST(conversation_key, does_not_let_one_field_run_into_the_next) {
  auto a = customer_text("x", now);
  a.account_id = "pa";
  a.person[0].external_id = "ge";
  auto b = customer_text("x", now);
  b.account_id = "p";
  b.person[0].external_id = "age";
  EXPECT_NE(conversation_key(a), conversation_key(b));
}

TEST(conversation_key, is_led_by_the_first_id) {
  auto a = customer_text("x", now);
  a.channel = channel_kind::whatsapp;
  a.person = {{alias_space::wa_phone, "49"}, {alias_space::bsuid, "B"}};
  auto b = a;
  b.person.pop_back();
  EXPECT_EQ(conversation_key(a), conversation_key(b));
}

TEST(conversation_key, keeps_comments_by_person_under_post) {
  auto a = comment_of("x", now, "c1");
  auto b = comment_of("y", now, "c2");
  EXPECT_EQ(conversation_key(a), conversation_key(b));
  b.thread_id = "another post";
  EXPECT_NE(conversation_key(a), conversation_key(b));
  b = a;
  b.person[0].external_id = "another author";
  EXPECT_NE(conversation_key(a), conversation_key(b));
}

TEST(conversation_key, gives_each_anonymous_comment_its_own) {
  auto a = comment_of("x", now, "c1");
  a.person.clear();
  auto b = comment_of("x", now, "c2");
  b.person.clear();
  EXPECT_FALSE(conversation_key(a).empty());
  EXPECT_NE(conversation_key(a), conversation_key(b));
}

TEST(conversation_key, is_empty_for_what_names_nobody) {
  auto status = customer_text("", now);
  status.kind = event_kind::status;
  status.person.clear();
  EXPECT_TRUE(conversation_key(status).empty());
  auto echo = comment_of("our reply", now);
  echo.kind = event_kind::echo;
  echo.person.clear();
  EXPECT_TRUE(conversation_key(echo).empty());
}

TEST(alias_key, takes_a_phone_number_for_the_same_person_everywhere) {
  alias phone{alias_space::wa_phone, "49"};
  EXPECT_EQ(alias_key(phone, "number1"), alias_key(phone, "number2"));
  alias psid{alias_space::psid, "49"};
  EXPECT_NE(alias_key(psid, "page1"), alias_key(psid, "page2"));
  EXPECT_NE(alias_key(phone, "x"), alias_key(psid, "x"));
}

TEST(external_key, differs_by_channel_account_and_id) {
  auto key = external_key(channel_kind::messenger, "page", "m");
  EXPECT_NE(key, external_key(channel_kind::instagram, "page", "m"));
  EXPECT_NE(key, external_key(channel_kind::messenger, "page2", "m"));
  EXPECT_NE(key, external_key(channel_kind::messenger, "page", "m2"));
}

} // namespace
} // namespace assistly
