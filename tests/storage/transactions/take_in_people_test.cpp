#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::storage_node;

inbound_event whatsapp(std::string text, std::string id,
                       std::vector<alias> who) {
  auto e = fakes::message(std::move(text), std::move(id));
  e.channel = channel_kind::whatsapp;
  e.account_id = "acme-number";
  e.person = std::move(who);
  return e;
}

const alias phone{alias_space::wa_phone, "4915100000001"};
const alias user{alias_space::bsuid, "DE.1234567890"};

stored_person person_of(storage_node& node, person_id id) {
  auto found = node.read(
    [&](session& s) { return read_person(*s.db, s.keys, node.tenant, id); });
  EXPECT_TRUE(found);
  return found ? *found : stored_person{};
}

TEST(take_in_people, follows_a_person_from_phone_number_to_user_id) {
  storage_node node;
  auto first = node.hear(whatsapp("Hello", "w_1", {phone}));
  auto both = node.hear(whatsapp("Hello?", "w_2", {user, phone}));
  EXPECT_EQ(both.now->id, first.now->id) << "the mailbox that is there";
  EXPECT_FALSE(both.created);
  EXPECT_EQ(person_of(node, first.now->person).aliases.size(), 2u);
  auto later = node.hear(whatsapp("Still me", "w_3", {user}));
  EXPECT_EQ(later.now->id, first.now->id) << "known by the new id alone";
  EXPECT_EQ(node.turns(first.now->id).size(), 3u);
  EXPECT_EQ(node.number("SELECT count(*) FROM person"), 1);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_people, joins_two_persons_at_once_whom_one_event_names) {
  storage_node node;
  auto by_phone = node.hear(whatsapp("Hello", "w_1", {phone}));
  auto by_user = node.hear(whatsapp("Hello", "w_2", {user}));
  ASSERT_NE(by_phone.now->person, by_user.now->person);
  auto both = node.hear(whatsapp("It is me", "w_3", {phone, user}));
  EXPECT_EQ(node.number("SELECT count(*) FROM person"), 1);
  EXPECT_EQ(node.now_of(by_phone.now->id).person,
            node.now_of(by_user.now->id).person);
  auto person = person_of(node, both.now->person);
  EXPECT_EQ(person.aliases.size(), 2u) << "both ids open with the one key";
  EXPECT_EQ(node.check().unused_keys, 0) << "the other person's key is gone";
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_people, survives_a_crash_between_the_keys_and_the_rows_of_a_join) {
  storage_node node;
  auto by_phone = node.hear(whatsapp("Hello", "w_1", {phone}));
  auto by_user = node.hear(whatsapp("Hello", "w_2", {user}));
  {
    auto s = node.database->open_session(false);
    s.db->begin_write();
    work w{*s.db, s.keys, node.clock.now(), node.random};
    resolve_person(w, node.tenant, {phone, user}, "acme-number");
    s.keys.commit();
    // The power goes before the rows are written.
    s.db->roll_back();
  }
  node.reopen();
  for (const auto& who : {by_phone.now->person, by_user.now->person})
    EXPECT_EQ(person_of(node, who).aliases.size(), 1u);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_people, undoes_a_join_whose_unit_is_refused) {
  storage_node node;
  node.hear(whatsapp("Hello", "w_1", {phone}));
  auto by_user = node.hear(whatsapp("Hello", "w_2", {user}));
  // The unit fails after the join: persons and keys must be as before.
  auto r = node.writer->run([&](work& w) {
    resolve_person(w, node.tenant, {phone, user}, "acme-number");
    throw sql::failure{errc::invalid, "no"};
  });
  EXPECT_FALSE(r);
  EXPECT_EQ(node.number("SELECT count(*) FROM person"), 2);
  EXPECT_EQ(person_of(node, by_user.now->person).aliases.size(), 1u);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_people, finds_whom_word_of_a_send_is_about_by_any_of_their_ids) {
  storage_node node;
  auto first = node.hear(whatsapp("Hello", "w_1", {phone}));
  node.hear(whatsapp("Hello?", "w_2", {user, phone}));
  node.clock.advance(seconds{3});
  auto d = node.answer(node.now_of(first.now->id), "Hi!", true);
  // Statuses and withdrawals name the new id alone, whose hash nobody has.
  auto status = whatsapp("", "w_out", {user});
  status.kind = event_kind::status;
  status.state = delivery_state::delivered;
  status.callback = to_string(d.sends.at(0).id);
  status.dedupe_key = "status:w_out";
  EXPECT_EQ(node.hear(status).now->id, first.now->id);
  EXPECT_EQ(node.turns(first.now->id).back().state, turn_state::delivered);
  auto watermark = whatsapp("", "", {user});
  watermark.kind = event_kind::watermark;
  watermark.state = delivery_state::read;
  watermark.dedupe_key = "mark";
  EXPECT_EQ(node.hear(watermark).now->id, first.now->id);
  EXPECT_EQ(node.turns(first.now->id).back().state, turn_state::read);
  auto gone = whatsapp("", "w_2", {user});
  gone.kind = event_kind::withdrawn;
  gone.dedupe_key = "gone:w_2";
  EXPECT_EQ(node.hear(gone).now->id, first.now->id);
  EXPECT_EQ(node.turns(first.now->id).at(1).state, turn_state::withdrawn);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 0);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_people, redirects_without_storing_the_turn_twice) {
  storage_node node;
  auto first = node.hear(whatsapp("Hello", "w_1", {phone}));
  auto entry = node.offer(whatsapp("Hello?", "w_2", {user, phone}));
  take_in_request r;
  r.tenant = entry.tenant;
  r.channel = entry.channel;
  r.entry = entry.id;
  r.conversation = entry.conversation;
  r.received_at = entry.received_at;
  r.event = entry.event;
  auto told = node.write([&](work& w) { return take_in(w, r); });
  EXPECT_EQ(told.redirect, first.now->hash);
  EXPECT_EQ(node.turns(first.now->id).size(), 1u);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 1)
    << "owed until its own mailbox has it";
}

TEST(take_in_people, knows_a_phone_number_on_another_number_of_the_business) {
  storage_node node;
  auto plan = fakes::plan_of("acme");
  auto second = plan.channels[2];
  second.access.account_id = "acme-number-2";
  plan.channels.push_back(second);
  node.apply(plan);
  auto first = node.hear(whatsapp("Hello", "w_1", {phone}));
  auto e = whatsapp("Hello", "w_2", {phone});
  e.account_id = "acme-number-2";
  auto other = node.hear(e);
  EXPECT_NE(other.now->id, first.now->id);
  EXPECT_EQ(other.now->person, first.now->person);
  EXPECT_EQ(other.now->case_id, first.now->case_id);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_people, learns_who_a_commenter_is_from_the_private_reply) {
  storage_node node;
  auto a = node.hear(fakes::comment("How much?", "c_1"));
  node.clock.advance(seconds{3});
  draft made;
  made.kind = draft_kind::answer;
  made.epoch = a.now->epoch;
  made.for_seq = a.now->customer_seq;
  made.messages = {{turn_kind::private_reply, "Ten."}};
  auto d = node.write([&](work& w) {
    return decide(w, node.tenant, a.now->id, made, node.policy, true);
  });
  send_report report;
  report.what = send_class::sent;
  report.external_id = "m_out";
  node.write([&](work& w) {
    return settle(w, node.tenant, channel_kind::page_comments, "acme-page",
                  d.sends.at(0).id, report,
                  alias{alias_space::psid, "customer-1"});
  });
  auto direct = node.hear(fakes::message("Thanks!", "m_1"));
  EXPECT_TRUE(direct.created);
  EXPECT_EQ(direct.now->person, a.now->person);
  EXPECT_EQ(direct.now->case_id, a.now->case_id) << "one case";
  EXPECT_EQ(node.broken(), "");
}

} // namespace
} // namespace assistly::storage
