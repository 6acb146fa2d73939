/// A conversation handed out as due, and what comes before the eraser gets to
/// it.
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;
using progress = erase_progress::state;

class retention_erasures : public testing::Test {
protected:
  retention_erasures() {
    node_.policy.retention.conversation = hours{1};
    c_ = *node_.hear(message("Hello", "m_1")).now;
  }

  /// As the retention timer does.
  void hand_out() {
    node_.clock.set(c_.erase_at);
    auto due = node_.write([](work& w) { return take_due(w, 500); });
    ASSERT_EQ(due.size(), 1u);
    order_ = node_.request(erase_scope::conversation, due[0].id.value);
    order_.reason = erase_reason::retention;
  }

  erase_progress step() {
    return node_.write(
      [&](work& w) { return erase_step(w, *node_.book, order_); });
  }

  void write_many_turns() {
    node_.write([&](work& w) {
      for (int i = 0; i < 700; ++i) {
        turn t;
        t.id = turn_id{make_uuid(w.now, w.random)};
        t.seq = 10 + i;
        t.text = "again";
        insert_turn(w, node_.tenant, c_.id, t, std::nullopt, false);
      }
    });
    node_.execute("UPDATE conversation SET seq = 1000");
  }

  std::int64_t rows(const std::string& table) {
    return node_.number("SELECT count(*) FROM " + table);
  }

  storage_node node_;
  conversation c_;
  erase_request order_;
};

TEST_F(retention_erasures, run_when_nothing_came_in_between) {
  hand_out();
  EXPECT_EQ(step().now, progress::done);
  EXPECT_EQ(rows("conversation"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(retention_erasures, take_nothing_when_the_end_has_moved_on) {
  hand_out();
  auto later = *node_.hear(message("One more thing", "m_2")).now;
  ASSERT_GT(later.erase_at, node_.clock.now());
  auto p = step();
  EXPECT_EQ(p.now, progress::not_due);
  EXPECT_EQ(node_.turns(c_.id).size(), 2u);
  EXPECT_EQ(node_.number("SELECT timer_at FROM conversation"),
            to_unix_ms(later.erase_at));
  EXPECT_EQ(node_.book->entries(), 0u);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(retention_erasures, take_nothing_while_an_event_is_about_to_come_in) {
  hand_out();
  auto waiting = node_.offer(message("One more thing", "m_2"));
  EXPECT_EQ(step().now, progress::not_due);
  EXPECT_EQ(rows("journal"), 1);
  EXPECT_FALSE(node_.take(waiting).created) << "the conversation lives on";
  EXPECT_EQ(step().now, progress::not_due);
}

TEST_F(retention_erasures, are_not_held_up_by_an_event_that_cannot_come_in) {
  node_.clock.set(c_.erase_at - minutes{2});
  auto stuck = node_.offer(message("One more thing", "m_2"));
  hand_out();
  EXPECT_EQ(step().now, progress::done);
  EXPECT_EQ(rows("journal"), 1) << "acknowledged, thus owed";
  EXPECT_TRUE(node_.take(stuck).created);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(retention_erasures, do_not_stop_half_way) {
  write_many_turns();
  hand_out();
  ASSERT_EQ(step().now, progress::more);
  EXPECT_EQ(node_.broken(), "") << "a crash here must leave it whole";
  node_.clock.advance(milliseconds{1});
  auto newcomer = node_.offer(message("One more thing", "m_2"));
  EXPECT_EQ(node_.take(newcomer).what, taken::deferred)
    << "it would go with what is going";
  EXPECT_EQ(step().now, progress::done);
  EXPECT_EQ(rows("erasure"), 0);
  auto anew = node_.take(newcomer);
  EXPECT_TRUE(anew.created);
  EXPECT_NE(anew.now->id, c_.id);
  EXPECT_EQ(rows("turn"), 1);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(retention_erasures, go_on_after_a_crash_whatever_moved_the_end) {
  write_many_turns();
  hand_out();
  ASSERT_EQ(step().now, progress::more);
  node_.reopen();
  node_.execute("UPDATE conversation SET erase_at = erase_at + 3600000");
  auto pending = node_.read([](session& s) { return pending_erasures(*s.db); });
  ASSERT_EQ(pending.size(), 1u);
  EXPECT_EQ(pending[0].reason, erase_reason::retention);
  order_ = pending[0];
  EXPECT_EQ(step().now, progress::done);
  EXPECT_EQ(rows("erasure"), 0);
  EXPECT_EQ(rows("turn"), 0);
  EXPECT_EQ(node_.broken(), "");
}

} // namespace
} // namespace assistly::storage
