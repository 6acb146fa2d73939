/// RELIABILITY P9: one bad message hurts only itself.
#include "storage/dead_letters.hpp"
#include "tests/actors/machine.hpp"

#include <atomic>
#include <limits>
#include <stdexcept>

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::machine;
using fakes::message;
using fakes::opening;
using fakes::question;

const std::string poison = "poison";

std::int64_t rows(machine& m, const std::string& table) {
  return m.storage.number("SELECT count(*) FROM " + table);
}

/// Throws for the poison, and counts how often it met it.
class poisoned {
public:
  std::function<void(const inbound_event&)> thrower() {
    return [this](const inbound_event& e) {
      if (e.text != poison || healed_.load())
        return;
      ++met_;
      throw std::runtime_error{"poisoned"};
    };
  }

  int met() const {
    return met_.load();
  }

  void heal() {
    healed_.store(true);
  }

private:
  std::atomic<int> met_{0};
  std::atomic<bool> healed_{false};
};

int sent_to(machine& m, const std::string& who) {
  int count = 0;
  for (const auto& sent : m.meta.sent())
    count += sent.to.aliases.front().external_id == who;
  return count;
}

/// Bob's poison comes between others' questions, and a question of his own
/// behind it.
void deliver_among_others(machine& m) {
  m.deliver(message(question, "m1", "ann"));
  m.deliver(message(poison, "m2", "bob"));
  m.deliver(message(question, "m3", "bob"));
  m.deliver(message(question, "m4", "cid"));
}

void expect_others_answered(machine& m) {
  for (const auto* who : {"ann", "bob", "cid"})
    EXPECT_TRUE(m.until([&] { return sent_to(m, who) == 1; })) << who;
}

TEST(poison, P9_what_throws_in_storage_is_a_dead_letter_after_five_tries) {
  machine m{answering_at_once()};
  poisoned p;
  m.set_faults({{}, p.thrower(), {}});
  deliver_among_others(m);
  expect_others_answered(m);
  m.pass(minutes{2});
  ASSERT_TRUE(m.until([&] { return rows(m, "dead_letter") == 1; }));
  EXPECT_EQ(p.met(), 5);
  EXPECT_EQ(rows(m, "journal"), 0);
  EXPECT_EQ(m.storage.number("SELECT attempts FROM dead_letter"), 5);
  EXPECT_EQ(m.storage.number("SELECT reason FROM dead_letter"),
            static_cast<int>(dead_reason::failed));
  EXPECT_EQ(m.metrics.dead_letters_total.at(dead_reason::failed).value(), 1u);
  m.pass(minutes{5});
  EXPECT_EQ(p.met(), 5) << "and is left alone";
  EXPECT_EQ(m.meta.count(), 3u);
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(poison, P9_what_kills_its_mailbox_is_a_dead_letter_after_five_tries) {
  machine m{answering_at_once()};
  poisoned p;
  m.set_faults({p.thrower(), {}, {}});
  deliver_among_others(m);
  m.pass(seconds{30});
  expect_others_answered(m);
  m.pass(minutes{3});
  ASSERT_TRUE(m.until([&] { return rows(m, "dead_letter") == 1; }));
  EXPECT_EQ(p.met(), 5);
  EXPECT_EQ(m.storage.number("SELECT reason FROM dead_letter"),
            static_cast<int>(dead_reason::died));
  EXPECT_EQ(rows(m, "journal"), 0);
  m.deliver(message(question, "m5", "bob"));
  EXPECT_TRUE(m.until([&] { return sent_to(m, "bob") == 2; }))
    << "his conversation goes on";
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(poison, P9_control_without_a_limit_it_is_tried_for_ever) {
  auto limits = answering_at_once();
  limits.most_event_tries = std::numeric_limits<std::int32_t>::max();
  machine m{limits};
  poisoned p;
  m.set_faults({{}, p.thrower(), {}});
  deliver_among_others(m);
  m.pass(minutes{5});
  EXPECT_GT(p.met(), 5);
  EXPECT_EQ(rows(m, "dead_letter"), 0);
  EXPECT_EQ(rows(m, "journal"), 1);
}

TEST(poison, P9_what_was_only_there_when_somebody_died_is_not_blamed) {
  machine m{answering_at_once()};
  poisoned p;
  m.set_faults({p.thrower(), {}, {}});
  // As a process leaves them that died in the middle of a page, and once more.
  m.restart_with([&] {
    for (int i = 0; i < 40; ++i) {
      auto n = std::to_string(i);
      m.storage.offer(message(i == 17 ? poison : question, "m" + n, "c" + n));
    }
    m.storage.execute("UPDATE journal SET attempts = 2");
  });
  m.pass(minutes{4});
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  EXPECT_EQ(rows(m, "dead_letter"), 1);
  EXPECT_EQ(m.storage.number("SELECT reason FROM dead_letter"),
            static_cast<int>(dead_reason::died));
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 39; }));
  EXPECT_EQ(rows(m, "conversation"), 39);
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(poison, P9_a_row_that_does_not_open_is_set_aside_at_once) {
  machine m{answering_at_once()};
  m.restart_with([&] {
    m.storage.offer(message(question, "m1", "ann"));
    m.storage.offer(message(question, "m2", "bob"));
    m.storage.execute("UPDATE journal SET sealed = x'00' WHERE journal_id = "
                      "(SELECT min(journal_id) FROM journal)");
  });
  ASSERT_TRUE(m.until([&] { return sent_to(m, "bob") == 1; }));
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  EXPECT_EQ(m.storage.number("SELECT reason FROM dead_letter"),
            static_cast<int>(dead_reason::unreadable));
}

TEST(poison, P9_a_dead_letter_tried_again_has_its_effect_once) {
  machine m{answering_at_once()};
  poisoned p;
  m.set_faults({{}, p.thrower(), {}});
  auto entry = m.deliver(message(poison, "m1", "bob"));
  m.pass(minutes{2});
  ASSERT_TRUE(m.until([&] { return rows(m, "dead_letter") == 1; }));
  p.heal();
  for (int i = 0; i < 2; ++i) {
    auto raised = m.storage.write([&](storage::work& w) {
      return storage::raise_letter(w, entry.tenant, entry.id);
    });
    if (raised.now == storage::raised_letter::state::back)
      m.node->events_committed({raised.entry});
  }
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  EXPECT_EQ(rows(m, "dead_letter"), 0);
  ASSERT_TRUE(m.of("bob"));
  EXPECT_EQ(m.of("bob")->customer_seq, 1);
  m.pass(minutes{2});
  EXPECT_EQ(sent_to(m, "bob"), 1);
}

TEST(poison, P9_a_disk_that_is_full_is_no_fault_of_the_event) {
  machine m{answering_at_once()};
  std::atomic<bool> full{true};
  std::atomic<int> met{0};
  m.set_faults({{},
                [&](const inbound_event&) {
                  ++met;
                  if (full.load())
                    throw sql::failure{errc::storage_full, "full"};
                },
                {}});
  m.deliver(message(question, "m1", "ann"));
  m.pass(minutes{6});
  EXPECT_GT(met.load(), 5);
  EXPECT_EQ(rows(m, "journal"), 1);
  EXPECT_EQ(m.storage.number("SELECT attempts FROM journal"), 0);
  full.store(false);
  m.pass(minutes{1});
  EXPECT_TRUE(m.until([&] { return sent_to(m, "ann") == 1; }));
  EXPECT_EQ(rows(m, "dead_letter"), 0);
}

} // namespace
} // namespace assistly
