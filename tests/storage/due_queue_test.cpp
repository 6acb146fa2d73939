#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

class due_queue : public testing::Test {
protected:
  due_queue() {
    node_.policy.retention.conversation = hours{1};
  }

  std::vector<due_conversation> take(std::size_t most = 100) {
    return node_.write([&](work& w) { return take_due(w, most); });
  }

  std::optional<timestamp> next() {
    return node_.read([](session& s) { return next_due(*s.db); });
  }

  std::int64_t timer() {
    return node_.number("SELECT timer_at FROM conversation");
  }

  storage_node node_;
};

TEST_F(due_queue, is_empty_without_conversations) {
  EXPECT_FALSE(next());
  EXPECT_TRUE(take().empty());
}

TEST_F(due_queue, hands_out_at_the_second_and_never_before) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  EXPECT_EQ(next(), c.erase_at);
  node_.clock.set(c.erase_at - milliseconds{1});
  EXPECT_TRUE(take().empty());
  node_.clock.set(c.erase_at);
  auto due = take();
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].id, c.id);
  EXPECT_EQ(due[0].tenant, c.tenant);
  EXPECT_EQ(due[0].erase_at, c.erase_at);
  EXPECT_EQ(take().size(), 1u) << "until it is gone, it is due";
}

TEST_F(due_queue, moves_a_timer_only_when_it_runs_out) {
  auto first = *node_.hear(message("Hello", "m_1")).now;
  auto was = timer();
  node_.clock.advance(minutes{40});
  auto later = *node_.hear(message("Hello again", "m_2")).now;
  EXPECT_EQ(timer(), was) << "activity does not touch the index";
  EXPECT_GT(later.erase_at, first.erase_at);
  node_.clock.set(first.erase_at);
  EXPECT_TRUE(take().empty()) << "the end has moved on";
  EXPECT_EQ(timer(), to_unix_ms(later.erase_at));
  EXPECT_EQ(next(), later.erase_at);
  node_.clock.set(later.erase_at);
  EXPECT_EQ(take().size(), 1u);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(due_queue, pulls_a_timer_forward_when_the_end_comes_nearer) {
  node_.hear(message("Hello", "m_1"));
  node_.policy.retention.conversation = minutes{10};
  auto c = *node_.hear(message("Hello again", "m_2")).now;
  EXPECT_EQ(next(), c.erase_at);
  EXPECT_EQ(c.erase_at, node_.clock.now() + minutes{10});
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(due_queue, catches_up_after_fifty_hours_of_downtime) {
  std::vector<conversation> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back(*node_
                     .hear(message("Hello", "m_" + std::to_string(i),
                                   "customer-" + std::to_string(i)))
                     .now);
    node_.clock.advance(minutes{1});
  }
  node_.clock.advance(hours{50});
  node_.reopen();
  std::size_t erased = 0;
  while (true) {
    auto due = take(7);
    if (due.empty())
      break;
    for (const auto& d : due) {
      EXPECT_EQ(d.id, all.at(erased).id) << "oldest first";
      node_.erase(erase_scope::conversation, d.id.value);
      ++erased;
    }
  }
  EXPECT_EQ(erased, 20u);
  EXPECT_EQ(node_.number("SELECT count(*) FROM turn"), 0);
  EXPECT_EQ(node_.number("SELECT count(*) FROM person"), 0);
  EXPECT_FALSE(next());
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(due_queue, never_hands_out_what_is_held) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.execute("UPDATE conversation SET hold = 1");
  for (int day = 0; day < 40; ++day) {
    node_.clock.advance(days{1});
    EXPECT_TRUE(take().empty());
  }
  EXPECT_EQ(node_.turns(c.id).size(), 1u);
  EXPECT_GT(next(), node_.clock.now()) << "and it is not asked without end";
  EXPECT_EQ(node_.broken(), "");
  node_.execute("UPDATE conversation SET hold = 0, timer_at = erase_at");
  EXPECT_EQ(take().size(), 1u);
}

TEST_F(due_queue, lets_no_held_ones_starve_the_others) {
  for (int i = 0; i < 5; ++i)
    node_.hear(
      message("Hello", "m_" + std::to_string(i), "held-" + std::to_string(i)));
  node_.execute("UPDATE conversation SET hold = 1");
  node_.clock.advance(minutes{1});
  node_.hear(message("Hello", "m_9"));
  node_.clock.advance(hours{2});
  std::size_t found = 0;
  for (int i = 0; i < 10 && found == 0; ++i)
    found = take(2).size();
  EXPECT_EQ(found, 1u);
}

class sweeping : public due_queue {
protected:
  bool sweep_once() {
    return node_.write([](work& w) { return sweep(w); });
  }

  std::int64_t rows(const std::string& table) {
    return node_.number("SELECT count(*) FROM " + table);
  }
};

TEST_F(sweeping, drops_dedupe_keys_past_eight_days_and_not_before) {
  node_.offer(message("Hello", "m_1"));
  node_.write(
    [&](work& w) { file_own_send(w, node_.tenant, "acme-page", "m_out"); });
  ASSERT_EQ(rows("seen"), 2);
  node_.clock.advance(days{8});
  sweep_once();
  EXPECT_EQ(rows("seen"), 2);
  node_.clock.advance(milliseconds{1});
  sweep_once();
  EXPECT_EQ(rows("seen"), 0);
}

TEST_F(sweeping, keeps_the_key_of_a_late_arrival_eight_days_from_its_arrival) {
  auto old = message("Hello", "m_1");
  old.at = node_.clock.now() - days{6};
  old.has_time = true;
  node_.offer(old);
  node_.clock.advance(days{7});
  sweep_once();
  EXPECT_EQ(rows("seen"), 1);
}

TEST_F(sweeping, drops_kept_events_and_the_quarantine) {
  auto kept = message("", "m_1");
  kept.kind = event_kind::other;
  node_.offer(kept);
  node_.write(
    [&](work& w) { return quarantine(w, node_.database->root(), "{broken"); });
  node_.clock.advance(days{7} + milliseconds{1});
  sweep_once();
  EXPECT_EQ(rows("quarantine"), 0);
  EXPECT_EQ(rows("kept_event"), 1);
  node_.clock.advance(days{1});
  sweep_once();
  EXPECT_EQ(rows("kept_event"), 0);
}

TEST_F(sweeping, destroys_journal_keys_eight_days_later) {
  auto today = day_of(node_.clock.now());
  auto has = [&](std::int64_t day) {
    return node_.read([&](session& s) {
      return s.keys.exists(journal_key(node_.tenant, day));
    });
  };
  ASSERT_TRUE(has(today));
  node_.clock.advance(days{8});
  sweep_once();
  EXPECT_TRUE(has(today));
  node_.clock.advance(days{1});
  sweep_once();
  EXPECT_FALSE(has(today));
  EXPECT_TRUE(has(today + 1));
}

TEST_F(sweeping, goes_in_steps) {
  for (int i = 0; i < 2'100; i += 100)
    node_.write([&](work& w) {
      for (int j = i; j < i + 100; ++j)
        file_own_send(w, node_.tenant, "acme-page", std::to_string(j));
    });
  node_.clock.advance(days{9});
  EXPECT_TRUE(sweep_once()) << "there is more";
  EXPECT_EQ(rows("seen"), 100);
  EXPECT_FALSE(sweep_once());
  EXPECT_EQ(rows("seen"), 0);
}

} // namespace
} // namespace assistly::storage
