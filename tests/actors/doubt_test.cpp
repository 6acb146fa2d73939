/// Sends of which nobody knows whether they arrived: people are told in time,
/// and nothing is sent twice.
#include "tests/actors/machine.hpp"

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::machine;
using fakes::message;
using fakes::opening;
using fakes::question;
using storage::member_act;

class doubt : public testing::Test {
protected:
  doubt() {
    unclear_.report.what = send_class::in_doubt;
  }

  /// The customer asks, and Meta's answer to our answer says nothing.
  void answer_in_doubt() {
    m_.meta.next(unclear_);
    m_.deliver(message(question, "m1"));
    ASSERT_TRUE(m_.until([&] { return unknown() == 1; }));
    ASSERT_EQ(m_.meta.count(), 1u);
  }

  std::int64_t unknown() {
    return m_.storage.number("SELECT count(*) FROM outbox WHERE state = 7");
  }

  std::int64_t notes() {
    return m_.storage.number("SELECT count(*) FROM turn WHERE author = 5");
  }

  bool shown() {
    return m_.first()->owner == speaker::human && notes() == 1;
  }

  machine m_{answering_at_once()};
  actors::send_answer unclear_;
};

TEST_F(doubt, is_shown_to_people_when_nobody_vouches_for_the_send) {
  answer_in_doubt();
  m_.pass(doubt_shown_after - seconds{5});
  EXPECT_FALSE(shown());
  m_.pass(seconds{6});
  ASSERT_TRUE(m_.until([&] { return shown(); }));
  // The mailbox knows: what the customer says now is for people.
  m_.deliver(message("Hello?", "m2"));
  m_.pass(minutes{10});
  EXPECT_EQ(m_.meta.count(), 1u) << "nothing is answered a second time";
  EXPECT_EQ(notes(), 1);
  EXPECT_EQ(m_.storage.broken(), "");
}

TEST_F(doubt, is_not_shown_when_the_echo_comes_in_time) {
  answer_in_doubt();
  m_.pass(seconds{20});
  m_.deliver(fakes::echo(opening, "m-ours"));
  ASSERT_TRUE(m_.until([&] { return unknown() == 0; }));
  m_.pass(minutes{5});
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(m_.first()->owner, speaker::ai);
  EXPECT_EQ(m_.meta.count(), 1u);
}

TEST_F(doubt, is_shown_after_a_restart_that_came_before_its_time) {
  answer_in_doubt();
  m_.pass(seconds{30});
  m_.restart();
  m_.pass(seconds{20});
  EXPECT_FALSE(shown());
  m_.pass(seconds{20});
  ASSERT_TRUE(m_.until([&] { return shown(); }));
  EXPECT_EQ(m_.meta.count(), 1u);
  m_.restart();
  m_.pass(minutes{5});
  EXPECT_EQ(notes(), 1) << "once is enough";
}

TEST_F(doubt, of_a_call_that_a_restart_cut_off_is_shown_as_well) {
  m_.meta.hold();
  m_.deliver(message(question, "m1"));
  ASSERT_TRUE(m_.until([&] { return m_.meta.count() == 1; }));
  m_.meta.lose_held();
  m_.restart();
  ASSERT_EQ(unknown(), 1);
  m_.pass(doubt_shown_after + seconds{1});
  ASSERT_TRUE(m_.until([&] { return shown(); }));
  EXPECT_EQ(m_.meta.count(), 1u) << "never repeated blindly";
  EXPECT_EQ(m_.storage.broken(), "");
}

TEST_F(doubt, of_a_call_whose_adapter_died_is_shown_and_the_channel_goes_on) {
  m_.meta.throw_next();
  m_.deliver(message(question, "m1", "ann"));
  ASSERT_TRUE(m_.until([&] { return unknown() == 1; }));
  EXPECT_EQ(m_.meta.count(), 0u);
  m_.deliver(message(question, "m2", "bob"));
  ASSERT_TRUE(m_.until([&] { return m_.meta.count() == 1; }));
  EXPECT_EQ(m_.meta.sent()[0].to.aliases.front().external_id, "bob");
  m_.pass(doubt_shown_after + seconds{1});
  ASSERT_TRUE(m_.until([&] { return notes() == 1; }));
  EXPECT_EQ(m_.of("ann")->owner, speaker::human);
  EXPECT_EQ(m_.of("bob")->owner, speaker::ai);
  EXPECT_EQ(m_.meta.count(), 1u);
}

TEST_F(doubt, of_a_call_whose_adapter_died_holds_up_no_stop) {
  m_.meta.throw_next();
  m_.deliver(message(question, "m1"));
  ASSERT_TRUE(m_.until([&] { return unknown() == 1; }));
  EXPECT_TRUE(m_.finish_sends(seconds{5}));
}

TEST_F(doubt, of_a_members_message_is_shown_too) {
  m_.deliver(message(question, "m1"));
  ASSERT_TRUE(m_.until([&] {
    return m_.storage.number("SELECT count(*) FROM turn WHERE state = 3") == 1;
  }));
  m_.meta.next(unclear_);
  m_.act(m_.first()->id, member_act::reply, "Ana here");
  ASSERT_TRUE(m_.until([&] { return unknown() == 1; }));
  m_.pass(doubt_shown_after + seconds{1});
  EXPECT_TRUE(m_.until([&] { return notes() == 1; }));
}

TEST_F(doubt, is_shown_later_when_storage_refuses_for_a_moment) {
  answer_in_doubt();
  m_.storage.execute("CREATE TRIGGER broken BEFORE INSERT ON turn "
                     "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  m_.pass(doubt_shown_after + seconds{5});
  EXPECT_EQ(notes(), 0);
  m_.storage.execute("DROP TRIGGER broken");
  m_.pass(seconds{2});
  EXPECT_TRUE(m_.until([&] { return shown(); }));
}

TEST_F(doubt, is_shown_in_time_when_the_clock_was_set_back) {
  answer_in_doubt();
  m_.pass(seconds{3});
  m_.storage.clock.advance(-hours{1});
  m_.wake();
  m_.pass(doubt_shown_after - seconds{5});
  EXPECT_FALSE(shown());
  m_.pass(seconds{7});
  ASSERT_TRUE(m_.until([&] { return shown(); }));
  m_.pass(minutes{5});
  EXPECT_EQ(notes(), 1) << "once is enough";
}

TEST_F(doubt, is_shown_in_time_after_a_restart_with_the_clock_set_back) {
  answer_in_doubt();
  m_.pass(seconds{3});
  m_.storage.clock.advance(-hours{1});
  m_.restart();
  m_.pass(2 * doubt_shown_after + seconds{5});
  EXPECT_TRUE(m_.until([&] { return shown(); }));
}

} // namespace
} // namespace assistly
