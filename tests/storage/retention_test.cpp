#include "storage/retention.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

/// Many more like one, without turns, in one commit.
void add_conversations(storage_node& node, const conversation& like,
                       int count) {
  node.write([&](work& w) {
    for (int i = 0; i < count; ++i) {
      auto c = like;
      c.id = conversation_id{make_uuid(w.now, w.random)};
      c.hash.bytes[0] = static_cast<std::byte>(i);
      c.hash.bytes[1] = static_cast<std::byte>(i >> 8);
      insert_conversation(w, c);
    }
  });
}

class turn_limits : public testing::Test {
protected:
  turn_limits() {
    node_.policy.retention.conversation = days{400};
  }

  int sweep_all() {
    int steps = 0;
    std::optional<walk> at{walk{}};
    while (at && steps < 100) {
      at = node_.write([&](work& w) { return sweep_turns(w, *at); });
      ++steps;
    }
    return steps;
  }

  std::int64_t rows(const std::string& table) {
    return node_.number("SELECT count(*) FROM " + table);
  }

  storage_node node_;
};

TEST_F(turn_limits, end_a_turn_however_busy_its_conversation) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.clock.advance(days{365});
  node_.directory = node_.write([](work& w) { return read_directory(w); });
  node_.hear(message("Still here", "m_2"));
  sweep_all();
  EXPECT_EQ(rows("turn"), 2) << "not before its time";
  node_.clock.advance(milliseconds{1});
  sweep_all();
  auto left = node_.turns(c.id);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].text, "Still here");
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(turn_limits, are_each_tenants_own) {
  auto plan = fakes::plan_of("other");
  plan.settings.retention.turn = days{10};
  node_.apply(plan);
  auto theirs = message("Hello", "m_2");
  theirs.account_id = "other-page";
  auto ours = *node_.hear(message("Hello", "m_1")).now;
  node_.hear(theirs, "other");
  node_.clock.advance(days{11});
  sweep_all();
  EXPECT_EQ(rows("turn"), 1);
  EXPECT_EQ(node_.turns(ours.id).size(), 1u);
}

TEST_F(turn_limits, leave_what_a_send_still_waits_for) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.answer(c, "Hi!");
  node_.clock.advance(days{366});
  sweep_all();
  EXPECT_EQ(node_.turns(c.id).size(), 1u);
  EXPECT_EQ(node_.broken(), "");
  node_.execute("UPDATE turn SET state = 6");
  node_.execute("DELETE FROM outbox");
  sweep_all();
  EXPECT_TRUE(node_.turns(c.id).empty());
}

TEST_F(turn_limits, are_enforced_in_steps) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.write([&](work& w) {
    for (int i = 0; i < 1'100; ++i) {
      turn t;
      t.id = turn_id{make_uuid(w.now, w.random)};
      t.seq = c.seq + 1 + i;
      t.text = "again";
      t.received_at = w.now;
      insert_turn(w, node_.tenant, c.id, t, std::nullopt, false);
    }
  });
  node_.execute("UPDATE conversation SET seq = 2000");
  add_conversations(node_, c, 210);
  node_.clock.advance(days{366});
  auto at = node_.write([&](work& w) { return sweep_turns(w, walk{}); });
  ASSERT_TRUE(at);
  EXPECT_GE(rows("turn"), 1'101 - 500);
  auto steps = 0;
  while (at && ++steps < 1'000)
    at = node_.write([&](work& w) { return sweep_turns(w, *at); });
  EXPECT_EQ(rows("turn"), 0);
}

TEST_F(turn_limits, of_a_tenant_whose_keys_are_gone_stop_nobody_else) {
  auto plan = fakes::plan_of("other");
  node_.apply(plan);
  auto theirs = message("Hello", "m_2");
  theirs.account_id = "other-page";
  node_.hear(theirs, "other");
  node_.write([&](work& w) { w.keys.destroy_tenant(node_.tenant); });
  node_.clock.advance(days{366});
  sweep_all();
  EXPECT_EQ(rows("turn"), 0);
}

TEST(a_shorter_period, pulls_ends_forward_and_never_back) {
  storage_node node;
  node.policy.retention.conversation = days{30};
  auto first = *node.hear(message("Hello", "m_1")).now;
  node.clock.advance(days{2});
  node.hear(message("Hello", "m_2", "customer-2"));
  auto apply = [&](milliseconds period) {
    retention_policy policy;
    policy.conversation = period;
    std::optional<walk> at{walk{node.tenant, {}}};
    while (at)
      at = node.write([&](work& w) { return shorten_ends(w, *at, policy); });
  };
  apply(days{60});
  EXPECT_EQ(node.now_of(first.id).erase_at, first.erase_at);
  apply(days{1});
  EXPECT_EQ(node.now_of(first.id).erase_at, first.erase_at - days{29});
  EXPECT_EQ(node.broken(), "") << "the timers as well";
  auto due = node.write([](work& w) { return take_due(w, 100); });
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].id, first.id);
}

TEST(a_shorter_period, reaches_every_conversation) {
  storage_node node;
  auto c = *node.hear(message("Hello", "m_1")).now;
  add_conversations(node, c, 249);
  retention_policy policy;
  policy.conversation = days{1};
  int steps = 0;
  std::optional<walk> at{walk{node.tenant, {}}};
  while (at && ++steps < 10)
    at = node.write([&](work& w) { return shorten_ends(w, *at, policy); });
  EXPECT_EQ(steps, 2);
  EXPECT_EQ(node.number("SELECT count(DISTINCT erase_at) FROM conversation"),
            1);
  EXPECT_EQ(node.number("SELECT max(erase_at) FROM conversation"),
            to_unix_ms(node.clock.now() + days{1}));
}

} // namespace
} // namespace assistly::storage
