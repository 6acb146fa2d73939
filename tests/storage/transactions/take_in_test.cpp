#include "storage/transactions/take_in.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::comment;
using fakes::message;
using fakes::storage_node;

TEST(take_in_rows, makes_conversation_person_and_turn_of_a_first_message) {
  storage_node node;
  auto e = message("Are you open?", "m_1");
  e.person_name = "Kim";
  auto r = node.hear(e);
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_TRUE(r.created);
  EXPECT_TRUE(r.owes_answer);
  ASSERT_TRUE(r.now);
  auto turns = node.turns(r.now->id);
  ASSERT_EQ(turns.size(), 1u);
  EXPECT_EQ(turns[0].text, "Are you open?");
  EXPECT_EQ(turns[0].external_id, "m_1");
  auto person = node.read([&](session& s) {
    return read_person(*s.db, s.keys, node.tenant, r.now->person);
  });
  ASSERT_TRUE(person);
  EXPECT_EQ(person->name, "Kim");
  ASSERT_EQ(person->aliases.size(), 1u);
  EXPECT_EQ(person->aliases[0].who.external_id, "customer-1");
  EXPECT_EQ(person->aliases[0].account_id, "acme-page");
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 0);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_rows, reads_back_every_field_of_a_conversation) {
  storage_node node;
  auto told = *node.hear(message("Hello", "m_1")).now;
  node.reopen();
  auto c = node.now_of(told.id);
  EXPECT_EQ(c.channel, told.channel);
  EXPECT_EQ(c.kind, told.kind);
  EXPECT_EQ(c.hash, told.hash);
  EXPECT_EQ(c.person, told.person);
  EXPECT_EQ(c.case_id, told.case_id);
  EXPECT_EQ(c.owner, told.owner);
  EXPECT_EQ(c.epoch, told.epoch);
  EXPECT_EQ(c.ai_returns_at, told.ai_returns_at);
  EXPECT_EQ(c.seq, told.seq);
  EXPECT_EQ(c.customer_seq, told.customer_seq);
  EXPECT_EQ(c.answered_seq, told.answered_seq);
  EXPECT_EQ(c.answered_at, told.answered_at);
  EXPECT_EQ(c.unanswered_since, told.unanswered_since);
  EXPECT_EQ(c.reply_due_at, told.reply_due_at);
  EXPECT_EQ(c.created_at, told.created_at);
  EXPECT_EQ(c.last_activity, told.last_activity);
  EXPECT_EQ(c.customer_acted_at, told.customer_acted_at);
  EXPECT_EQ(c.erase_at, told.erase_at);
  EXPECT_EQ(c.hold, told.hold);
  EXPECT_EQ(c.private_reply_used, told.private_reply_used);
  EXPECT_EQ(c.to, told.to);
}

TEST(take_in_rows, lets_a_burst_be_one_conversation_with_one_due_time) {
  storage_node node;
  auto first = node.hear(message("Hello", "m_1"));
  node.clock.advance(seconds{1});
  auto second = node.hear(message("Are you open?", "m_2"));
  EXPECT_FALSE(second.created);
  EXPECT_EQ(second.now->id, first.now->id);
  EXPECT_EQ(second.now->reply_due_at, node.clock.now() + node.policy.quiet);
  EXPECT_EQ(node.turns(first.now->id).size(), 2u);
  EXPECT_EQ(node.number("SELECT count(*) FROM conversation"), 1);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_rows, does_the_same_entry_once) {
  storage_node node;
  auto entry = node.offer(message("Hello", "m_1"));
  auto first = node.take(entry);
  auto again = node.take(entry);
  EXPECT_EQ(again.what, taken::ignored);
  EXPECT_FALSE(again.now);
  EXPECT_EQ(node.turns(first.now->id).size(), 1u);
}

TEST(take_in_rows, works_off_after_a_restart_what_was_only_accepted) {
  storage_node node;
  node.offer(message("Hello", "m_1"));
  node.reopen();
  auto rows =
    node.read([](session& s) { return read_journal(s, tenant_id{0}, {}, 10); });
  ASSERT_EQ(rows.size(), 1u);
  auto r = node.take(rows[0]);
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_TRUE(r.owes_answer);
  // Meta did not hear the 200 and says it again.
  auto e = message("Hello", "m_1");
  e.at = rows[0].event->at;
  e.has_time = true;
  EXPECT_TRUE(node.offer(e).duplicate);
  EXPECT_EQ(node.turns(r.now->id).size(), 1u);
}

TEST(take_in_rows, keeps_two_tenants_apart_who_share_a_customers_id) {
  storage_node node;
  node.apply(fakes::plan_of("other"));
  auto mine = node.hear(message("Hello", "m_1"));
  auto e = message("Hello", "m_1");
  e.account_id = "other-page";
  auto theirs = node.hear(e, "other");
  EXPECT_NE(theirs.now->id, mine.now->id);
  EXPECT_NE(theirs.now->person, mine.now->person);
  EXPECT_NE(theirs.now->hash, mine.now->hash);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_rows, keeps_comments_by_person_under_post) {
  storage_node node;
  auto a = node.hear(comment("How much?", "c_1"));
  auto b = node.hear(comment("And shipping?", "c_2"));
  EXPECT_EQ(b.now->id, a.now->id);
  auto other_post = comment("How much?", "c_3");
  other_post.thread_id = "post-2";
  auto c = node.hear(other_post);
  EXPECT_NE(c.now->id, a.now->id);
  EXPECT_EQ(c.now->person, a.now->person) << "the same author";
  EXPECT_EQ(c.now->case_id, a.now->case_id);
  auto d = node.hear(comment("Me too", "c_4", "author-2"));
  EXPECT_NE(d.now->id, a.now->id);
  EXPECT_NE(d.now->person, a.now->person);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_rows, gives_each_anonymous_comment_a_person_of_its_own) {
  storage_node node;
  auto a = node.hear(comment("How much?", "c_1", ""));
  auto b = node.hear(comment("How much?", "c_2", ""));
  EXPECT_NE(a.now->id, b.now->id);
  EXPECT_NE(a.now->person, b.now->person);
  EXPECT_TRUE(a.now->to.aliases.empty());
  EXPECT_EQ(a.now->to.comment_id, "c_1");
  EXPECT_EQ(node.number("SELECT count(*) FROM alias"), 0);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_rows, changes_the_words_of_an_edited_comment) {
  storage_node node;
  auto a = node.hear(comment("How mcuh?", "c_1"));
  auto edited = comment("How much?", "c_1");
  edited.edit = true;
  edited.dedupe_key = "edit:c_1";
  auto r = node.hear(edited);
  EXPECT_EQ(r.what, taken::stored);
  auto turns = node.turns(a.now->id);
  ASSERT_EQ(turns.size(), 1u);
  EXPECT_EQ(turns[0].text, "How much?");
}

TEST(take_in_rows, creates_nothing_for_an_edit_of_an_unknown_comment) {
  storage_node node;
  auto edited = comment("How much?", "c_1");
  edited.edit = true;
  auto r = node.hear(edited);
  EXPECT_FALSE(r.now);
  EXPECT_EQ(node.number("SELECT count(*) FROM conversation"), 0);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 0);
}

TEST(take_in_rows,
     forgets_the_words_that_were_withdrawn_and_what_answers_them) {
  storage_node node;
  auto a = node.hear(message("My card is 4111", "m_1"));
  node.clock.advance(seconds{3});
  auto d = node.answer(*a.now, "Please do not send it.");
  auto gone = message("", "m_1");
  gone.kind = event_kind::withdrawn;
  gone.dedupe_key = "unsend:m_1";
  auto r = node.hear(gone);
  ASSERT_EQ(r.cancelled.size(), 1u);
  EXPECT_EQ(r.cancelled[0], d.sends[0].id);
  auto turns = node.turns(a.now->id);
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_EQ(turns[0].state, turn_state::withdrawn);
  EXPECT_EQ(turns[0].text, "");
  EXPECT_EQ(turns[1].state, turn_state::cancelled);
  EXPECT_EQ(node.number("SELECT count(*) FROM outbox"), 0);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_rows, cancels_a_queued_answer_when_the_customer_goes_on) {
  storage_node node;
  auto a = node.hear(message("Hello", "m_1"));
  node.clock.advance(seconds{3});
  node.answer(*a.now, "Hi!");
  auto r = node.hear(message("Are you open?", "m_2"));
  EXPECT_EQ(r.cancelled.size(), 1u);
  EXPECT_EQ(r.now->answered_seq, 0);
  EXPECT_EQ(node.number("SELECT count(*) FROM outbox"), 0);
  EXPECT_EQ(node.broken(), "");
}

TEST(take_in_rows, advances_sent_turns_up_to_a_watermark_and_never_back) {
  storage_node node;
  auto a = node.hear(message("Hello", "m_1"));
  node.clock.advance(seconds{3});
  auto d = node.answer(*a.now, "Hi!", true);
  node.sent(d.sends[0].id, "m_out");
  auto mark = [&](delivery_state state, timestamp at) {
    auto e = message("", "");
    e.kind = event_kind::watermark;
    e.state = state;
    e.at = at;
    e.has_time = true;
    e.dedupe_key = std::string{"mark:"} + std::to_string(to_unix_ms(at))
                   + std::to_string(static_cast<int>(state));
    node.hear(e);
    return node.turns(a.now->id).at(1).state;
  };
  EXPECT_EQ(mark(delivery_state::delivered, node.clock.now() - seconds{1}),
            turn_state::sent)
    << "before it was written";
  EXPECT_EQ(mark(delivery_state::delivered, node.clock.now()),
            turn_state::delivered);
  EXPECT_EQ(mark(delivery_state::read, node.clock.now()), turn_state::read);
  EXPECT_EQ(mark(delivery_state::delivered, node.clock.now() + seconds{1}),
            turn_state::read);
  EXPECT_EQ(node.turns(a.now->id).at(0).state, turn_state::received);
}

TEST(take_in_rows, creates_nothing_for_statuses_and_watermarks) {
  storage_node node;
  for (auto kind :
       {event_kind::status, event_kind::watermark, event_kind::withdrawn}) {
    auto e = message("", "m_x");
    e.kind = kind;
    e.dedupe_key = std::string{to_string(kind)};
    EXPECT_FALSE(node.hear(e).now);
  }
  EXPECT_EQ(node.number("SELECT count(*) FROM conversation"), 0);
  EXPECT_EQ(node.number("SELECT count(*) FROM person"), 0);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 0);
}

TEST(route_by_external, finds_the_conversation_of_an_own_send_or_ends_the_row) {
  storage_node node;
  auto a = node.hear(message("Hello", "m_1"));
  node.clock.advance(seconds{3});
  auto d = node.answer(*a.now, "Hi!", true);
  node.sent(d.sends[0].id, "m_out");
  auto route = [&](std::string id) {
    auto e = message("", id);
    e.kind = event_kind::status;
    e.person.clear();
    e.dedupe_key = "status:" + id;
    auto entry = node.offer(e);
    take_in_request r;
    r.tenant = entry.tenant;
    r.channel = entry.channel;
    r.entry = entry.id;
    r.event = entry.event;
    return node.write([&](work& w) { return route_by_external(w, r); });
  };
  EXPECT_EQ(route("m_out"), a.now->hash);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 1);
  EXPECT_FALSE(route("m_unknown"));
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 1);
}

} // namespace
} // namespace assistly::storage
