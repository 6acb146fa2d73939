#include "storage/columns.hpp"
#include "storage/erasure.hpp"
#include "tests/storage/erasure_case.hpp"

#include <set>

namespace assistly::storage {
namespace {

using fakes::message;
using progress = erase_progress::state;

class erasures : public erasure_case {};

TEST_F(erasures, end_a_conversation_with_its_person_its_keys_and_a_receipt) {
  talk();
  node_.answer(second_, "Hi!");
  auto p = node_.erase(erase_scope::conversation, first_.id.value);
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(p.conversation, first_.hash);
  EXPECT_EQ(rows("conversation"), 1);
  EXPECT_EQ(rows("person"), 1);
  EXPECT_EQ(rows("alias"), 1);
  EXPECT_EQ(rows("turn"), 2) << "the other one's question and answer";
  EXPECT_EQ(rows("outbox"), 1);
  EXPECT_EQ(rows("erasure"), 0);
  EXPECT_FALSE(has_key(name_of(node_.tenant, first_.id)));
  EXPECT_FALSE(has_key(name_of(node_.tenant, first_.person)));
  EXPECT_TRUE(has_key(name_of(node_.tenant, second_.id)));
  EXPECT_TRUE(is_signed(p.proof));
  EXPECT_EQ(field(p.proof, "scope"), "conversation");
  EXPECT_EQ(field(p.proof, "reason"), "request");
  EXPECT_EQ(field(p.proof, "subject"), to_string(first_.id));
  EXPECT_EQ(field(p.proof, "conversations"), "1");
  EXPECT_EQ(field(p.proof, "persons"), "1");
  EXPECT_EQ(field(p.proof, "keys_destroyed"), "2");
  EXPECT_EQ(field(p.proof, "erased_at"), rfc3339(node_.clock.now()));
  EXPECT_EQ(field(p.proof, "backups_out_at"),
            rfc3339(node_.clock.now() + days{14}));
  EXPECT_EQ(node_.check().unused_keys, 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, leave_the_person_while_another_conversation_is_theirs) {
  auto a = *node_.hear(fakes::comment("How much?", "c_1")).now;
  auto elsewhere = fakes::comment("How much?", "c_2");
  elsewhere.thread_id = "post-2";
  auto b = *node_.hear(elsewhere).now;
  auto p = node_.erase(erase_scope::conversation, a.id.value);
  EXPECT_EQ(field(p.proof, "persons"), "0");
  EXPECT_EQ(rows("person"), 1);
  EXPECT_TRUE(has_key(name_of(node_.tenant, a.person)));
  node_.erase(erase_scope::conversation, b.id.value);
  EXPECT_EQ(rows("person"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, end_a_person_on_all_channels_and_nobody_else) {
  auto a = *node_.hear(fakes::comment("How much?", "c_1")).now;
  auto elsewhere = fakes::comment("How much?", "c_2");
  elsewhere.thread_id = "post-2";
  node_.hear(elsewhere);
  node_.hear(fakes::comment("Me too", "c_3", "author-2"));
  auto before = node_.book->entries();
  auto p = node_.erase(erase_scope::person, a.person.value);
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(field(p.proof, "scope"), "person");
  EXPECT_EQ(field(p.proof, "conversations"), "2") << "all its parts";
  EXPECT_EQ(field(p.proof, "persons"), "1");
  EXPECT_EQ(field(p.proof, "keys_destroyed"), "3");
  EXPECT_EQ(rows("conversation"), 1);
  EXPECT_EQ(rows("person"), 1);
  EXPECT_EQ(rows("alias"), 1);
  EXPECT_FALSE(has_key(name_of(node_.tenant, a.person)));
  EXPECT_EQ(node_.book->entries(), before + 3)
    << "one for each conversation, one for the whole";
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, end_a_tenant_with_everything_it_owns_and_no_other) {
  talk();
  node_.apply(fakes::plan_of("other"));
  auto theirs = message("Hello", "m_9");
  theirs.account_id = "other-page";
  node_.hear(theirs, "other");
  node_.offer(message("not taken in", "m_3"));
  auto kept = message("", "m_4");
  kept.kind = event_kind::other;
  node_.offer(kept);
  auto p = node_.erase(erase_scope::tenant, {});
  EXPECT_EQ(p.now, progress::done);
  EXPECT_TRUE(is_signed(p.proof));
  EXPECT_EQ(field(p.proof, "conversations"), "2");
  EXPECT_EQ(field(p.proof, "persons"), "2");
  EXPECT_EQ(field(p.proof, "kept_events"), "1");
  EXPECT_EQ(node_.number("SELECT count(*) FROM node "
                         "WHERE name LIKE 'erased_so_far%'"),
            0);
  std::set<std::string> tables;
  for (const auto& rule : column_rules())
    if (rule.column == "tenant_id")
      tables.emplace(rule.table);
  EXPECT_GE(tables.size(), 12u);
  for (const auto& table : tables) {
    EXPECT_EQ(node_.number("SELECT count(*) FROM " + table
                           + " WHERE tenant_id = "
                           + std::to_string(node_.tenant.value)),
              0)
      << table;
  }
  EXPECT_EQ(rows("conversation"), 1);
  node_.read([&](session& s) {
    EXPECT_FALSE(s.keys.exists({node_.tenant, key_kind::tenant, {}}));
    EXPECT_FALSE(s.keys.exists({node_.tenant, key_kind::lookup, {}}));
    return 0;
  });
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, take_events_not_yet_taken_in_along) {
  talk();
  node_.offer(message("Wait!", "m_3"));
  auto p = node_.erase(erase_scope::conversation, first_.id.value);
  EXPECT_EQ(field(p.proof, "journal_rows"), "1");
  EXPECT_EQ(rows("journal"), 0);
}

TEST_F(erasures, are_not_undone_by_a_redelivery) {
  talk();
  auto again = message("Hello", "m_1");
  again.at = fakes::some_morning;
  again.has_time = true;
  ASSERT_TRUE(node_.offer(again).duplicate);
  node_.erase(erase_scope::conversation, first_.id.value);
  EXPECT_TRUE(node_.offer(again).duplicate) << "seen is the tombstone";
  EXPECT_EQ(rows("conversation"), 1);
}

TEST_F(erasures, go_in_steps_and_send_nothing_meanwhile) {
  talk();
  node_.write([&](work& w) {
    for (int i = 0; i < 1'200; ++i) {
      turn t;
      t.id = turn_id{make_uuid(w.now, w.random)};
      t.seq = first_.seq + 10 + i;
      t.text = "again";
      insert_turn(w, node_.tenant, first_.id, t, std::nullopt, false);
    }
  });
  node_.execute("UPDATE conversation SET seq = seq + 1300");
  node_.hear(message("and again", "m_3"));
  auto queued =
    node_.answer(node_.now_of(first_.id), "Hi again!").sends.at(0).id;
  auto r = node_.request(erase_scope::conversation, first_.id.value);
  int steps = 0;
  erase_progress p;
  do {
    p = node_.write([&](work& w) { return erase_step(w, *node_.book, r); });
    if (p.now == progress::more) {
      EXPECT_FALSE(node_.claim(queued).found);
      EXPECT_EQ(node_.broken(), "") << "a crash here must leave it whole";
    }
    ASSERT_LT(++steps, 10);
  } while (p.now == progress::more);
  EXPECT_EQ(p.now, progress::done);
  EXPECT_GE(steps, 3);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, are_forbidden_by_a_hold_and_run_when_it_is_lifted) {
  talk();
  node_.execute("UPDATE conversation SET hold = 1 WHERE person_id = (SELECT "
                "person_id FROM conversation ORDER BY created_at LIMIT 1)");
  auto was = rows("turn");
  EXPECT_EQ(node_.erase(erase_scope::conversation, first_.id.value).now,
            progress::held);
  EXPECT_EQ(node_.erase(erase_scope::person, first_.person.value).now,
            progress::held);
  EXPECT_EQ(node_.erase(erase_scope::tenant, {}).now, progress::held);
  EXPECT_EQ(rows("turn"), was);
  auto pending = node_.read([](session& s) { return pending_erasures(*s.db); });
  EXPECT_EQ(pending.size(), 3u) << "asked for, and not forgotten";
  EXPECT_EQ(node_.erase(erase_scope::person, second_.person.value).now,
            progress::done)
    << "a hold is for one person";
  node_.execute("UPDATE conversation SET hold = 0");
  auto p = node_.write(
    [&](work& w) { return erase_step(w, *node_.book, pending.at(0)); });
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, wait_for_a_send_under_way_but_not_longer_than_30_seconds) {
  talk();
  node_.answer(second_, "Hi!", true);
  for (auto [scope, subject] :
       {std::pair{erase_scope::conversation, second_.id.value},
        {erase_scope::person, second_.person.value}}) {
    auto r = node_.request(scope, subject);
    auto p =
      node_.write([&](work& w) { return erase_step(w, *node_.book, r); });
    EXPECT_EQ(p.now, progress::wait);
    EXPECT_EQ(p.conversation, second_.hash);
  }
  EXPECT_EQ(rows("turn"), 4);
  node_.clock.advance(seconds{30} - milliseconds{1});
  auto r = node_.request(erase_scope::conversation, second_.id.value);
  auto step = [&] {
    return node_.write([&](work& w) { return erase_step(w, *node_.book, r); });
  };
  EXPECT_EQ(step().now, progress::wait);
  node_.clock.advance(milliseconds{1});
  EXPECT_EQ(step().now, progress::done);
}

TEST_F(erasures, go_on_after_a_crash_that_destroyed_the_key_before_the_rows) {
  talk();
  node_.write([&](work& w) {
    w.keys.destroy(name_of(node_.tenant, first_.id));
    w.keys.destroy(name_of(node_.tenant, first_.person));
  });
  EXPECT_NE(node_.broken(), "") << "rows without a key";
  auto p = node_.erase(erase_scope::conversation, first_.id.value);
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, are_written_down_until_they_are_done) {
  talk();
  auto r = node_.request(erase_scope::person, first_.person.value);
  node_.write([&](work& w) {
    request_erasure(w, r);
    request_erasure(w, r);
  });
  node_.reopen();
  auto pending = node_.read([](session& s) { return pending_erasures(*s.db); });
  ASSERT_EQ(pending.size(), 1u);
  EXPECT_EQ(pending[0].id, r.id);
  EXPECT_EQ(pending[0].tenant, r.tenant);
  EXPECT_EQ(pending[0].scope, r.scope);
  EXPECT_EQ(pending[0].subject, r.subject);
  EXPECT_EQ(pending[0].reason, r.reason);
}

TEST_F(erasures, are_not_pending_once_withdrawn) {
  talk();
  auto r = node_.request(erase_scope::person, first_.person.value);
  node_.write([&](work& w) {
    request_erasure(w, r);
    withdraw_erasure(w, r);
  });
  EXPECT_TRUE(
    node_.read([](session& s) { return pending_erasures(*s.db); }).empty());
}

TEST_F(erasures, of_what_is_gone_find_nothing_and_leave_nothing_to_do) {
  talk();
  uuid nobody = make_uuid(node_.clock.now(), node_.random);
  auto before = node_.book->entries();
  for (auto scope : {erase_scope::conversation, erase_scope::person})
    EXPECT_EQ(node_.erase(scope, nobody).now, progress::not_found);
  EXPECT_EQ(rows("erasure"), 0);
  EXPECT_EQ(node_.book->entries(), before);
}

TEST_F(erasures, leave_a_ledger_that_a_restart_checks) {
  talk();
  node_.erase(erase_scope::conversation, first_.id.value);
  node_.erase(erase_scope::conversation, second_.id.value);
  auto mark = node_.read([](session& s) { return read_ledger_mark(*s.db); });
  EXPECT_EQ(mark.entries, node_.book->entries());
  EXPECT_EQ(mark.head, node_.book->head());
  node_.reopen();
  EXPECT_EQ(node_.book->entries(), 2u);
  auto text = fakes::read_whole(node_.ledger_file());
  fakes::write_whole(node_.ledger_file(),
                     text.substr(0, text.find("\n\n") + 2));
  EXPECT_THROW(node_.reopen(), std::runtime_error)
    << "a ledger older than its database";
}

TEST_F(erasures, write_nothing_when_the_proof_cannot_be_written) {
  talk();
  // A ledger whose file is gone from under it: a read-only one will not do.
  auto r = node_.writer->run([&](work& w) {
    auto request = node_.request(erase_scope::conversation, first_.id.value);
    erase_step(w, *node_.book, request);
    throw sql::failure{errc::storage_full, "the ledger cannot be written"};
  });
  EXPECT_EQ(r.error().code, errc::storage_full);
  EXPECT_EQ(rows("conversation"), 2);
  EXPECT_EQ(node_.turns(first_.id).at(0).text, "Hello") << "keys are back, too";
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasures, would_be_caught_keeping_turns) {
  talk();
  erase_faults faults;
  faults.keep_turns = true;
  node_.erase(erase_scope::conversation, first_.id.value, faults);
  EXPECT_NE(node_.broken().find("every turn has its conversation"),
            std::string::npos);
}

TEST_F(erasures, would_be_caught_keeping_keys) {
  talk();
  erase_faults faults;
  faults.keep_keys = true;
  node_.erase(erase_scope::conversation, first_.id.value, faults);
  EXPECT_EQ(node_.check().unused_keys, 2);
}

} // namespace
} // namespace assistly::storage
