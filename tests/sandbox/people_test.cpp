#include "sandbox/customer_ids.hpp"
#include "tests/sandbox/sandbox_case.hpp"

#include <set>

namespace assistly::sandbox {

namespace {

class people : public sandbox_case {
protected:
  errc refusal_of(written_message what) {
    const auto made = world.customer_writes(what, 1);
    return made ? errc::none : made.error().code;
  }
};

TEST_F(people, have_the_same_ids_whenever_they_come_back) {
  sandbox_world other{options_for_tests(), clock, random};
  written_message what;
  what.customer = "  ANA Roe ";
  what.text = "Hi";
  for (const auto kind : all_channel_kinds) {
    what.channel = kind;
    const auto made = other.customer_writes(what, 1);
    ASSERT_TRUE(made);
    EXPECT_EQ(writes(kind, "Hi").customer_id, made->customer_id);
  }
}

TEST_F(people, have_ids_of_their_own_on_each_account) {
  std::set<std::string> ids;
  for (const auto* name : {"Ana", "Bo", "Çelik", "李"}) {
    ids.insert(psid_of(name, page));
    ids.insert(psid_of(name, "999"));
    ids.insert(page_user_of(name, page));
    ids.insert(igsid_of(name, instagram));
    ids.insert(phone_of(name));
  }
  EXPECT_EQ(ids.size(), 20U);
  EXPECT_EQ(phone_of("ana").size(), 12U);
  EXPECT_FALSE(username_of("李").empty());
}

TEST_F(people, must_say_who_they_are_and_something) {
  written_message what;
  what.customer = "Ana";
  what.text = "Hi";
  EXPECT_EQ(refusal_of(what), errc::none);
  auto wrong = what;
  wrong.customer = "   ";
  EXPECT_EQ(refusal_of(wrong), errc::invalid);
  wrong.customer = repeated("x", 61);
  EXPECT_EQ(refusal_of(wrong), errc::invalid);
  wrong.customer = "a\nb";
  EXPECT_EQ(refusal_of(wrong), errc::invalid);
  wrong = what;
  wrong.text = " \n";
  EXPECT_EQ(refusal_of(wrong), errc::invalid);
  wrong.text = repeated("ä", 8001);
  EXPECT_EQ(refusal_of(wrong), errc::invalid);
  wrong.text = "\xff";
  EXPECT_EQ(refusal_of(wrong), errc::invalid);
  wrong = what;
  wrong.account_id = "1";
  EXPECT_EQ(refusal_of(wrong), errc::not_found);
  wrong = what;
  wrong.channel = channel_kind::page_comments;
  wrong.post_id = "1_1";
  EXPECT_EQ(refusal_of(wrong), errc::not_found);
  wrong.post_id.clear();
  wrong.reply_to = "1_1";
  EXPECT_EQ(refusal_of(wrong), errc::not_found);
}

TEST_F(people, see_on_their_phone_only_what_changed) {
  writes(channel_kind::messenger, "one");
  deliver();
  const auto all = phone(channel_kind::messenger);
  EXPECT_EQ(all.flag("complete"), true);
  const auto next = static_cast<std::uint64_t>(*all.number("next"));
  phone_view view;
  view.customer = "Ana Roe";
  EXPECT_FALSE(world.phone_changed(view, next));
  writes(channel_kind::messenger, "of somebody else", {}, "Bo");
  EXPECT_FALSE(world.phone_changed(view, next));
  writes(channel_kind::messenger, "two");
  EXPECT_TRUE(world.phone_changed(view, next));
  const auto news = phone(channel_kind::messenger, "Ana Roe", next);
  EXPECT_EQ(news.text("lines.0.text"), "two");
  EXPECT_FALSE(news.has("lines.1"));
  EXPECT_EQ(news.flag("complete"), false);
}

TEST_F(people, see_everything_again_after_a_reset) {
  writes(channel_kind::messenger, "one");
  phone_view view;
  view.customer = "Ana Roe";
  EXPECT_TRUE(world.phone_changed(view, 1000000));
  EXPECT_EQ(phone(channel_kind::messenger, "Ana Roe", 1000000).flag("complete"),
            true);
  world.reset();
  EXPECT_FALSE(phone(channel_kind::messenger).has("lines.0"));
  EXPECT_TRUE(deliver().empty());
}

TEST_F(people, of_the_business_who_write_by_hand_are_echoed_as_such) {
  written_message what;
  what.customer = "Ana Roe";
  what.text = "Dana here";
  for (const auto kind : all_channel_kinds) {
    writes(kind, "Hi");
    deliver();
    what.channel = kind;
    ASSERT_TRUE(world.business_writes(what)) << to_string(kind);
    const auto bodies = deliver();
    ASSERT_EQ(bodies.size(), 1U);
    json::json_fields hook;
    ASSERT_TRUE(hook.add_json(bodies[0]));
    if (kind == channel_kind::messenger) {
      EXPECT_EQ(hook.text("entry.0.messaging.0.message.app_id"),
                "26390203743090");
      EXPECT_FALSE(hook.has("entry.0.messaging.0.message.metadata"));
    } else if (kind == channel_kind::whatsapp) {
      EXPECT_EQ(hook.text("entry.0.changes.0.field"), "smb_message_echoes");
    } else if (kind == channel_kind::page_comments) {
      EXPECT_EQ(hook.text("entry.0.changes.0.value.from.id"), page);
    }
  }
  what.channel = channel_kind::messenger;
  what.customer = "Nobody";
  EXPECT_FALSE(world.business_writes(what));
}

TEST_F(people, take_back_their_own_comments_only) {
  const auto made = writes(channel_kind::page_comments, "Hm");
  deliver();
  const auto stranger = world.customer_removes("Bo", made.id);
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, errc::not_permitted);
  ASSERT_TRUE(world.customer_removes("ana roe", made.id));
  json::json_fields hook;
  ASSERT_TRUE(hook.add_json(deliver().at(0)));
  EXPECT_EQ(hook.text("entry.0.changes.0.value.verb"), "remove");
  EXPECT_FALSE(hook.has("entry.0.changes.0.value.message"));
  const auto gone = world.customer_removes("ana roe", made.id);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, errc::not_found);
  // The deletion of an Instagram comment is told to nobody (CONTRACT 6).
  const auto quiet = writes(channel_kind::instagram_comments, "Hm");
  deliver();
  ASSERT_TRUE(world.customer_removes("Ana Roe", quiet.id));
  EXPECT_TRUE(deliver().empty());
}

TEST_F(people, have_phones_of_bounded_memory) {
  for (std::size_t i = 0; i < talk::most_lines + 20; ++i) {
    writes(channel_kind::messenger, std::to_string(i));
    deliver();
  }
  phone_view view;
  view.customer = "Ana Roe";
  const auto json = world.phone_json(view, 0);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->find(R"("text":"19")"), std::string::npos);
  EXPECT_NE(json->find(R"("text":"20")"), std::string::npos);
  EXPECT_NE(json->find(R"("text":"519")"), std::string::npos);
}

} // namespace

} // namespace assistly::sandbox
