/// Sends that an actor's death or a refused write left behind: they leave, and
/// none of them twice.
#include "tests/actors/held_storage.hpp"
#include "tests/actors/machine.hpp"
#include "tests/actors/scarce_memory.hpp"

#include <chrono>
#include <thread>

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::busy_writer;
using fakes::machine;
using fakes::message;
using fakes::opening;
using fakes::question;

/// A business that has answered Ann, and is idle.
class left_over : public testing::Test {
protected:
  void SetUp() override {
    m_.deliver(message(question, "m-ann", "ann"));
    m_.pass(seconds{3});
    ASSERT_TRUE(
      m_.until([&] { return m_.meta.count() == 1 && rows("outbox") == 0; }));
    m_.pass(seconds{2});
  }

  std::int64_t rows(const std::string& table) {
    return m_.storage.number("SELECT count(*) FROM " + table);
  }

  std::int64_t in_state(turn_state state) {
    return rows("outbox WHERE state = "
                + std::to_string(static_cast<int>(state)));
  }

  std::int64_t notes() {
    return rows("turn WHERE author = 5");
  }

  /// An answer to Bob waits in the outbox, and no actor knows.
  void queue_unseen() {
    m_.storage.hear(message(question, "m-bob", "bob"));
    m_.storage.answer(*m_.of("bob"), opening);
  }

  /// Neither time passes nor does storage have to answer.
  static bool meanwhile(const std::function<bool()>& condition) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline)
        return false;
      std::this_thread::yield();
    }
    return true;
  }

  /// The directory hands these rows on in a copy, and has no room for it. Its
  /// tenants go with it.
  bool end_directory() {
    constexpr std::size_t count = 37;
    fakes::refuse_once(count * sizeof(outbox_row));
    m_.node->conversation_changed(m_.storage.tenant, m_.of("ann")->hash,
                                  std::vector<outbox_row>(count));
    return meanwhile([&] {
      return !fakes::is_refusing()
             && m_.metrics.conversations_resident.value() == 0;
    });
  }

  machine m_;
};

TEST_F(left_over, in_the_queue_of_a_business_whose_actor_died_leaves) {
  constexpr std::size_t length = 4'321;
  auto plan = fakes::plan_of("acme");
  plan.settings.handover_message = std::string(length, 'x');
  m_.storage.apply(plan);
  queue_unseen();
  // The tenant keeps a copy of its settings, and has no room for it.
  fakes::refuse_once(length + 1);
  m_.node->refresh([] {});
  ASSERT_TRUE(m_.until([&] { return !fakes::is_refusing(); }));
  m_.pass(seconds{3});
  EXPECT_TRUE(m_.until([&] { return m_.meta.count() == 2; }));
  m_.pass(minutes{2});
  EXPECT_EQ(m_.meta.count(), 2u);
}

TEST_F(left_over, in_the_queue_leaves_when_an_actor_of_the_node_died) {
  queue_unseen();
  ASSERT_TRUE(end_directory());
  m_.pass(seconds{3});
  EXPECT_TRUE(m_.until([&] { return m_.meta.count() == 2; }));
}

TEST_F(left_over, in_the_queue_leaves_with_a_picture_that_is_read_again) {
  queue_unseen();
  m_.storage.execute("ALTER TABLE channel RENAME TO channel_away");
  m_.node->refresh([] {});
  m_.pass(seconds{3});
  EXPECT_EQ(m_.meta.count(), 1u);
  m_.storage.execute("ALTER TABLE channel_away RENAME TO channel");
  m_.pass(seconds{2});
  EXPECT_TRUE(m_.until([&] { return m_.meta.count() == 2; }));
}

TEST_F(left_over, by_a_decision_that_met_no_adapter_leaves_or_is_shown) {
  m_.deliver(message(question, "m-bob", "bob"));
  ASSERT_TRUE(m_.until([&] { return m_.of("bob").has_value(); }));
  busy_writer busy{m_};
  m_.storage.clock.advance(seconds{3});
  ASSERT_TRUE(meanwhile([&] {
    m_.wake();
    return m_.storage.writer->depth() > 0;
  }))
    << "the decision waits to be written";
  ASSERT_TRUE(end_directory());
  busy.let_go();
  m_.pass(seconds{5});
  m_.pass(doubt_shown_after + seconds{5});
  // Whichever comes first: the claim that is given back, or the new adapter
  // that doubts it.
  EXPECT_TRUE(m_.until([&] { return m_.meta.count() == 2 || notes() == 1; }));
  m_.pass(minutes{2});
  EXPECT_LE(m_.meta.count(), 2u) << "and never twice";
  EXPECT_EQ(m_.storage.broken(), "");
}

TEST_F(left_over, as_sending_when_the_business_died_is_shown_as_a_doubt) {
  m_.storage.execute("CREATE TRIGGER broken BEFORE DELETE ON outbox "
                     "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  m_.deliver(message(question, "m-bob", "bob"));
  m_.pass(seconds{4});
  ASSERT_TRUE(m_.until([&] { return m_.meta.count() == 2; }));
  ASSERT_EQ(in_state(turn_state::sending), 1);
  // What Meta said waits in the adapter, to be written.
  ASSERT_TRUE(end_directory());
  m_.storage.execute("DROP TRIGGER broken");
  m_.pass(seconds{3});
  ASSERT_TRUE(m_.until([&] { return in_state(turn_state::unknown) == 1; }));
  m_.pass(doubt_shown_after + seconds{1});
  EXPECT_TRUE(m_.until([&] { return notes() == 1; }));
  EXPECT_EQ(m_.meta.count(), 2u) << "never repeated blindly";
  EXPECT_EQ(m_.storage.broken(), "");
}

TEST_F(left_over, as_sending_when_it_was_not_called_is_given_back_in_the_end) {
  m_.meta.hold();
  m_.deliver(message(question, "m-bob", "bob"));
  m_.pass(seconds{3});
  ASSERT_TRUE(m_.until([&] { return m_.meta.count() == 2; }));
  m_.storage.execute("CREATE TRIGGER broken BEFORE UPDATE ON outbox "
                     "WHEN NEW.state = 1 "
                     "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  // Claimed with its decision, while the one before it is on its way.
  m_.deliver(message(question, "m-bob-2", "bob"));
  m_.pass(seconds{3});
  ASSERT_TRUE(m_.until([&] { return in_state(turn_state::sending) == 2; }));
  m_.pass(seconds{3});
  EXPECT_EQ(in_state(turn_state::sending), 2);
  m_.storage.execute("DROP TRIGGER broken");
  m_.pass(seconds{2});
  ASSERT_TRUE(m_.until([&] { return in_state(turn_state::queued) == 1; }));
  m_.meta.let_go();
  EXPECT_TRUE(
    m_.until([&] { return m_.meta.count() == 3 && rows("outbox") == 0; }));
  EXPECT_EQ(m_.storage.broken(), "");
}

TEST_F(left_over, for_a_later_try_leaves_when_the_clock_was_set_back) {
  actors::send_answer not_now;
  not_now.report.what = send_class::try_later;
  not_now.report.code = 4;
  m_.meta.next(not_now);
  m_.deliver(message(question, "m-bob", "bob"));
  m_.pass(seconds{3});
  ASSERT_TRUE(m_.until(
    [&] { return m_.meta.count() == 2 && in_state(turn_state::queued) == 1; }));
  m_.pass(milliseconds{100});
  m_.storage.clock.advance(-seconds{10});
  m_.wake();
  m_.pass(seconds{15});
  EXPECT_TRUE(m_.until([&] { return m_.meta.count() == 3; }));
}

TEST_F(left_over, that_meta_puts_off_after_its_business_died_leaves_soon) {
  m_.meta.hold();
  m_.deliver(message(question, "m-bob", "bob"));
  m_.pass(seconds{3});
  ASSERT_TRUE(m_.until([&] { return m_.meta.count() == 2; }));
  ASSERT_TRUE(end_directory());
  m_.pass(seconds{3});
  ASSERT_TRUE(m_.until([&] { return in_state(turn_state::unknown) == 1; }));
  actors::send_answer not_now;
  not_now.report.what = send_class::try_later;
  not_now.report.code = 613;
  m_.meta.next(not_now);
  m_.meta.let_go();
  ASSERT_TRUE(m_.until([&] { return in_state(turn_state::queued) == 1; }));
  m_.pass(doubt_shown_after + seconds{2});
  EXPECT_TRUE(
    m_.until([&] { return m_.meta.count() == 3 && rows("outbox") == 0; }));
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(m_.storage.broken(), "");
}

TEST(app_limit, holds_every_channel_of_the_app_and_lets_all_go_on_together) {
  machine m{answering_at_once()};
  actors::send_answer limited;
  limited.report.what = send_class::try_later;
  limited.report.code = 4;
  limited.report.retry_after = minutes{1};
  limited.pause_app = minutes{1};
  m.meta.next(limited);
  m.deliver(message(question, "m-ann", "ann"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  m.pass(seconds{1});
  m.deliver(fakes::comment(question, "c-bob", "bob"));
  auto elsewhere = message(question, "m-cid", "cid");
  elsewhere.channel = channel_kind::instagram;
  elsewhere.account_id = "acme-insta";
  elsewhere.person = {{alias_space::igsid, "cid"}};
  m.deliver(elsewhere);
  m.pass(seconds{50});
  ASSERT_EQ(m.meta.count(), 2u) << "another app's channel alone";
  EXPECT_EQ(m.meta.sent()[1].channel, channel_kind::instagram);
  m.pass(seconds{15});
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 4; }));
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(busy_channel, gives_a_freed_place_to_somebody_who_still_waits_for_it) {
  auto limits = answering_at_once();
  limits.sends_at_once = 1;
  machine m{limits};
  auto ask = [&](const std::string& who, milliseconds waits) {
    m.deliver(message(question, "m-" + who, who));
    ASSERT_TRUE(m.until(
      [&] { return m.storage.number("SELECT count(*) FROM journal") == 0; }));
    m.pass(waits);
  };
  m.meta.hold();
  ask("ann", seconds{1});
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  // Bob asks for a place again and again, and gives it up when he had one.
  ask("bob", seconds{30});
  ask("cid", seconds{2});
  ASSERT_EQ(m.meta.count(), 1u);
  m.meta.let_go();
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (m.meta.count() < 3 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(m.meta.count(), 3u) << "without another second's wait";
}

} // namespace
} // namespace assistly
