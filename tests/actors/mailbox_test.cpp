/// What a mailbox has no room for waits in the journal, in its order, and is
/// taken in when there is room.
#include "tests/actors/machine.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::machine;
using fakes::message;
using fakes::question;

std::int64_t rows(machine& m, const std::string& table) {
  return m.storage.number("SELECT count(*) FROM " + table);
}

/// Nothing can be taken in until `free`, as on a full disk.
class full_disk {
public:
  explicit full_disk(machine& m) {
    m.set_faults({{},
                  [this](const inbound_event&) {
                    if (full_.load())
                      throw sql::failure{errc::storage_full, "full"};
                  },
                  {}});
  }

  void free() {
    full_.store(false);
  }

private:
  std::atomic<bool> full_{true};
};

std::vector<std::string> words_of(machine& m, const std::string& who) {
  std::vector<std::string> all;
  for (const auto& t : m.storage.turns(m.of(who)->id))
    if (t.who == author::customer)
      all.push_back(t.text);
  return all;
}

TEST(mailbox, holds_no_more_than_its_bound_and_tells_how_much_it_holds) {
  actors::node_limits limits;
  limits.longest_mailbox = 4;
  machine m{limits};
  full_disk disk{m};
  std::vector<std::string> said;
  for (int i = 0; i < 25; ++i) {
    said.push_back("line " + std::to_string(i));
    m.deliver(message(said.back(), "m" + std::to_string(i), "ann"));
  }
  m.deliver(message("Hello", "m-bob", "bob"));
  m.pass(seconds{1});
  EXPECT_EQ(m.metrics.mailboxes.deepest(), 4);
  EXPECT_EQ(m.metrics.mailboxes.total(), 5);
  EXPECT_EQ(rows(m, "journal"), 26);
  disk.free();
  m.pass(minutes{2});
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  auto words = words_of(m, "ann");
  ASSERT_EQ(words.size(), said.size());
  // What storage refused is tried again each at its own time.
  std::sort(words.begin(), words.begin() + 4);
  EXPECT_EQ(words, said) << "what waited in the journal keeps its order";
  EXPECT_TRUE(m.until([&] { return m.metrics.mailboxes.total() == 0; }));
  EXPECT_EQ(m.metrics.mailboxes.deepest(), 0);
  EXPECT_EQ(m.storage.broken(), "");
  m.deliver(message("again", "m-again", "ann"));
  EXPECT_TRUE(m.until([&] { return words_of(m, "ann").back() == "again"; }))
    << "and it takes events as before";
  m.pass(minutes{3});
  EXPECT_TRUE(
    m.until([&] { return m.metrics.conversations_resident.value() == 0; }));
}

TEST(mailbox, control_without_a_bound_holds_everything) {
  actors::node_limits limits;
  limits.longest_mailbox = 1'000;
  machine m{limits};
  full_disk disk{m};
  for (int i = 0; i < 25; ++i)
    m.deliver(message("line", "m" + std::to_string(i), "ann"));
  m.pass(seconds{1});
  EXPECT_EQ(m.metrics.mailboxes.deepest(), 25);
}

TEST(mailbox, of_one_who_died_is_empty_and_what_it_held_is_taken_in) {
  actors::node_limits limits;
  limits.longest_mailbox = 4;
  machine m{limits};
  std::atomic<bool> dies{true};
  m.set_faults({[&](const inbound_event& e) {
                  if (e.text == "last" && dies.exchange(false))
                    throw std::runtime_error{"dies"};
                },
                {},
                {}});
  for (int i = 0; i < 6; ++i)
    m.deliver(
      message(i == 3 ? "last" : "line", "m" + std::to_string(i), "ann"));
  m.pass(minutes{1});
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  EXPECT_EQ(words_of(m, "ann").size(), 6u);
  EXPECT_TRUE(m.until([&] { return m.metrics.mailboxes.total() == 0; }));
}

TEST(mailbox, of_all_together_hold_no_more_than_the_node_may) {
  auto limits = answering_at_once();
  limits.most_in_hand = 16;
  machine m{limits};
  full_disk disk{m};
  for (int i = 0; i < 60; ++i) {
    auto n = std::to_string(i);
    m.deliver(message(question, "m" + n, "c" + n));
    m.pass(milliseconds{1});
  }
  EXPECT_LE(m.metrics.mailboxes.total(), 20);
  EXPECT_EQ(rows(m, "journal"), 60);
  disk.free();
  m.pass(minutes{2});
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 60; }));
  EXPECT_EQ(rows(m, "dead_letter"), 0);
  m.deliver(message(question, "m-more", "somebody"));
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 61; }))
    << "and events are handed out at once again";
  EXPECT_EQ(m.storage.broken(), "");
}

} // namespace
} // namespace assistly
