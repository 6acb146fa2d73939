/// Each rule at rest finds what breaks it, and nothing else does.
#include "storage/columns.hpp"
#include "storage/dead_letters.hpp"
#include "storage/invariants.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

class invariants : public testing::Test {
protected:
  invariants() {
    first_ = *node_.hear(message("Hello", "m_1")).now;
    node_.clock.advance(seconds{3});
    node_.answer(first_, "Hi!");
    node_.hear(message("Hello", "m_2", "customer-2"));
    node_.offer(message("not taken in", "m_3"));
    auto kept = message("", "m_4");
    kept.kind = event_kind::other;
    node_.offer(kept);
    auto dead = node_.offer(message("given up", "m_5"));
    node_.write(
      [&](work& w) { bury(w, dead.tenant, dead.id, 5, dead_reason::failed); });
    node_.write([this](work& w) {
      quarantine(w, node_.database->root(), "signed, and no JSON");
    });
  }

  /// Breaks a row by hand and expects exactly one rule to find it.
  void expect_found(const std::string& sql, const std::string& rule,
                    std::int64_t rows = 1) {
    ASSERT_EQ(node_.broken(), "");
    node_.execute(sql);
    EXPECT_EQ(node_.broken(), rule + " (" + std::to_string(rows) + ")");
  }

  /// The same where other rules see the damage, too.
  void expect_among(const std::string& sql, const std::string& rule) {
    ASSERT_EQ(node_.broken(), "");
    node_.execute(sql);
    EXPECT_NE(node_.broken().find(rule), std::string::npos) << node_.broken();
  }

  storage_node node_;
  conversation first_;
};

TEST_F(invariants, open_every_sealed_row) {
  auto r = node_.check();
  EXPECT_TRUE(r.violations.empty());
  std::int64_t rows = 0;
  for (const auto& rule : column_rules())
    if (rule.form == column_form::sealed)
      rows += node_.number("SELECT count(*) FROM " + std::string{rule.table});
  EXPECT_EQ(r.opened, rows);
  EXPECT_EQ(r.unused_keys, 0);
}

TEST_F(invariants, find_a_journal_row_without_a_tenant) {
  expect_among("UPDATE journal SET tenant_id = 99",
               "every journal row has a tenant (1)");
}

TEST_F(invariants, find_a_kept_event_without_a_tenant) {
  expect_among("UPDATE kept_event SET tenant_id = 99",
               "every kept event has a tenant (1)");
}

TEST_F(invariants, find_a_dead_letter_without_a_tenant_or_an_end) {
  expect_among("UPDATE dead_letter SET tenant_id = 99",
               "every dead letter has a tenant, and an end (1)");
  node_.execute("UPDATE dead_letter SET tenant_id = (SELECT tenant_id FROM "
                "tenant)");
  expect_found("UPDATE dead_letter SET until = received_at",
               "every dead letter has a tenant, and an end");
}

TEST_F(invariants, find_a_dead_letter_that_is_still_owed) {
  expect_among("UPDATE dead_letter SET letter_id = (SELECT journal_id FROM "
               "journal)",
               "no dead letter is in the journal as well (1)");
}

TEST_F(invariants, find_an_altered_dead_letter) {
  expect_found("UPDATE dead_letter SET sealed = x'00'",
               "every sealed row has a live key");
}

TEST_F(invariants, find_an_outgoing_turn_without_its_outbox_row) {
  expect_found("DELETE FROM outbox",
               "every outgoing turn without a receipt has one outbox row of "
               "its state");
}

TEST_F(invariants, find_an_outbox_row_in_another_state_than_its_turn) {
  expect_found("UPDATE outbox SET state = 2",
               "every outgoing turn without a receipt has one outbox row of "
               "its state");
}

TEST_F(invariants, find_an_outbox_row_of_a_turn_that_is_settled) {
  expect_found("UPDATE turn SET state = 3 WHERE author = 2",
               "every outbox row belongs to a turn that waits for it");
}

TEST_F(invariants, find_an_outbox_row_without_its_turn) {
  expect_found("DELETE FROM turn WHERE author = 2",
               "every outbox row has its turn");
}

TEST_F(invariants, find_an_outbox_row_without_its_conversation) {
  expect_among("UPDATE outbox SET conversation_id = x'00000000000000000000000"
               "000000000'",
               "every outbox row has its conversation (1)");
}

TEST_F(invariants, find_a_turn_without_its_conversation) {
  expect_among("DELETE FROM conversation WHERE reply_due_at IS NOT NULL",
               "every turn has its conversation (1)");
}

TEST_F(invariants, find_a_conversation_without_its_person) {
  expect_among("DELETE FROM person", "every conversation has its person (2)");
}

TEST_F(invariants, find_an_alias_without_its_person) {
  expect_among("DELETE FROM person", "every alias has its person (2)");
}

TEST_F(invariants, find_a_person_without_a_conversation) {
  expect_among("DELETE FROM conversation WHERE reply_due_at IS NOT NULL",
               "every person has a conversation (1)");
}

TEST_F(invariants, find_a_conversation_without_an_end) {
  expect_found("UPDATE conversation SET erase_at = 0, timer_at = 0 "
               "WHERE reply_due_at IS NOT NULL",
               "every conversation has an erase_at, and a timer no later");
}

TEST_F(invariants, find_a_timer_that_would_come_too_late) {
  expect_found("UPDATE conversation SET timer_at = erase_at + 1 "
               "WHERE reply_due_at IS NOT NULL",
               "every conversation has an erase_at, and a timer no later");
}

TEST_F(invariants, allow_a_late_timer_under_a_hold) {
  node_.execute("UPDATE conversation SET timer_at = erase_at + 1, hold = 1");
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(invariants, find_an_answer_owed_without_a_time) {
  expect_found("UPDATE conversation SET reply_due_at = NULL "
               "WHERE reply_due_at IS NOT NULL",
               "an answer is owed exactly while its due time stands");
}

TEST_F(invariants, find_an_answer_owed_by_the_ai_while_a_person_owns_it) {
  expect_found("UPDATE conversation SET owner = 1 "
               "WHERE reply_due_at IS NOT NULL",
               "an answer is owed exactly while its due time stands");
}

TEST_F(invariants, find_turns_answered_that_were_never_said) {
  expect_found("UPDATE conversation SET answered_seq = customer_seq + 1 "
               "WHERE reply_due_at IS NOT NULL",
               "no answer is owed for turns that were answered");
}

TEST_F(invariants, find_turns_counted_that_were_never_given) {
  expect_found("UPDATE conversation SET customer_seq = seq + 1 "
               "WHERE reply_due_at IS NOT NULL",
               "no answer is owed for turns that were answered");
}

TEST_F(invariants, find_an_altered_turn) {
  expect_found("UPDATE turn SET sealed = (SELECT sealed FROM turn "
               "WHERE author = 2) WHERE seq = 1 AND conversation_id IN "
               "(SELECT conversation_id FROM outbox)",
               "every sealed row has a live key");
}

TEST_F(invariants, find_altered_settings_channels_and_knowledge) {
  for (const auto* table : {"tenant", "channel", "knowledge"}) {
    storage_node node;
    node.execute(std::string{"UPDATE "} + table + " SET sealed = x'00'");
    auto rows = node.number(std::string{"SELECT count(*) FROM "} + table);
    EXPECT_EQ(node.broken(),
              "every sealed row has a live key (" + std::to_string(rows) + ")")
      << table;
  }
}

TEST_F(invariants, find_an_altered_person) {
  expect_found("UPDATE person SET sealed = x'00' WHERE person_id = "
               "(SELECT person_id FROM person ORDER BY person_id DESC LIMIT 1)",
               "every sealed row has a live key");
}

TEST_F(invariants, find_an_altered_journal_row) {
  expect_found("UPDATE journal SET sealed = x'00'",
               "every sealed row has a live key");
}

TEST_F(invariants, find_an_altered_event_that_is_only_kept) {
  expect_found("UPDATE kept_event SET sealed = x'00'",
               "every sealed row has a live key");
}

TEST_F(invariants, find_an_altered_body_in_quarantine) {
  expect_found("UPDATE quarantine SET sealed = x'00'",
               "every sealed row has a live key");
}

TEST_F(invariants, find_a_conversation_whose_key_is_gone) {
  ASSERT_EQ(node_.broken(), "");
  node_.write(
    [&](work& w) { w.keys.destroy(name_of(node_.tenant, first_.id)); });
  EXPECT_EQ(node_.broken(), "every sealed row has a live key (3)")
    << "its head and its turns";
}

TEST_F(invariants, count_keys_that_open_nothing) {
  node_.write([&](work& w) {
    conversation_id nobody{make_uuid(w.now, w.random)};
    w.keys.get_or_make(name_of(node_.tenant, nobody), w.now);
  });
  EXPECT_EQ(node_.check().unused_keys, 1);
  EXPECT_EQ(node_.broken(), "") << "harmless";
}

} // namespace
} // namespace assistly::storage
