#include "storage/subscriptions.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

class subscriptions : public testing::Test {
protected:
  watch_book book() {
    return node_.read([](session& s) { return read_watch_book(*s.db); });
  }

  /// Offers a message that was fetched; true if it was new.
  bool fetch(const std::string& mid, timestamp at) {
    auto event = message("When?", mid);
    event.at = at;
    event.has_time = true;
    const auto* tenant = node_.directory->tenant("acme");
    const auto* channel =
      node_.directory->find(channel_kind::messenger, "acme-page");
    auto entry = make_entry(*tenant, *channel, std::move(event),
                            node_.clock.now(), node_.random);
    return node_.write([&](work& w) {
      accept_fetched(w, {&*entry, 1});
      return !entry->duplicate;
    });
  }

  /// The same as a webhook tells it; true if it was new.
  bool deliver(const std::string& mid, timestamp at) {
    auto event = message("When?", mid);
    event.at = at;
    event.has_time = true;
    return !node_.offer(std::move(event)).duplicate;
  }

  storage_node node_;
  const timestamp at_ =
    std::chrono::floor<seconds>(node_.clock.now()) + milliseconds{789};
  const timestamp told_ = std::chrono::floor<seconds>(at_);
};

TEST_F(subscriptions, are_remembered_over_a_restart) {
  EXPECT_FALSE(book().last_alive);
  EXPECT_TRUE(book().channels.empty());
  const std::pair one{tenant_id{1}, channel_id{2}};
  const std::pair other{tenant_id{12}, channel_id{3}};
  node_.write([&](work& w) {
    note_alive(w);
    note_watched(w, one.first, one.second, {told_, {}});
    note_watched(w, other.first, other.second, {told_, told_ - hours{1}});
  });
  node_.reopen();
  auto known = book();
  EXPECT_EQ(known.last_alive, node_.clock.now());
  ASSERT_EQ(known.channels.size(), 2u);
  EXPECT_EQ(known.channels[one].since, told_);
  EXPECT_FALSE(known.channels[one].filling);
  EXPECT_EQ(known.channels[other].filling, told_ - hours{1});
  node_.write([&](work& w) {
    note_watched(w, other.first, other.second, {told_, {}});
    forget_watched(w, one.first, one.second);
  });
  known = book();
  ASSERT_EQ(known.channels.size(), 1u);
  EXPECT_FALSE(known.channels[other].filling);
}

TEST_F(subscriptions, are_forgotten_by_a_restore) {
  node_.write([&](work& w) {
    note_alive(w);
    note_watched(w, tenant_id{1}, channel_id{2}, {told_, told_});
    forget_watch_book(w);
  });
  EXPECT_FALSE(book().last_alive);
  EXPECT_TRUE(book().channels.empty());
}

TEST_F(subscriptions, know_what_was_delivered_before_it_is_fetched) {
  EXPECT_TRUE(deliver("m_1", at_));
  EXPECT_FALSE(fetch("m_1", told_));
  EXPECT_FALSE(fetch("m_1", told_ + seconds{1})) << "Meta's two times differ";
  EXPECT_TRUE(fetch("m_2", told_));
}

TEST_F(subscriptions, know_what_was_fetched_before_it_is_delivered) {
  EXPECT_TRUE(fetch("m_1", told_));
  EXPECT_FALSE(deliver("m_1", at_));
  EXPECT_FALSE(fetch("m_1", told_));
  EXPECT_EQ(node_.number("SELECT count(*) FROM journal"), 1);
}

TEST_F(subscriptions, do_not_bring_back_what_was_erased) {
  auto event = message("When?", "m_1");
  event.at = at_;
  event.has_time = true;
  auto c = *node_.hear(std::move(event)).now;
  node_.erase(erase_scope::conversation, c.id.value);
  EXPECT_FALSE(fetch("m_1", told_));
}

TEST_F(subscriptions, find_keys_that_an_earlier_version_filed_by_the_second) {
  EXPECT_TRUE(deliver("m_1", at_));
  node_.execute("UPDATE seen SET at = at - 789");
  EXPECT_FALSE(deliver("m_1", at_));
  EXPECT_FALSE(fetch("m_1", told_));
}

} // namespace
} // namespace assistly::storage
