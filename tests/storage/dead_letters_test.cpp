/// What nobody could work off: kept, found by every erasure, ended by itself,
/// and tried again on demand.
#include "model/dedupe.hpp"
#include "storage/dead_letters.hpp"
#include "storage/schema/migrations.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"
#include "tests/storage/erasure_case.hpp"

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

class dead_letters : public erasure_case {
protected:
  journal_entry give_up(const std::string& mid,
                        const std::string& who = "customer-1",
                        dead_reason reason = dead_reason::failed) {
    auto e = node_.offer(message("Hello", mid, who));
    EXPECT_TRUE(
      node_.write([&](work& w) { return bury(w, e.tenant, e.id, 5, reason); }));
    return e;
  }

  std::vector<dead_letter> all(journal_id after = {}, std::size_t most = 100) {
    return node_.read([&](session& s) {
      return read_dead_letters(*s.db, node_.tenant, after, most);
    });
  }

  raised_letter raise(journal_id id) {
    return node_.write(
      [&](work& w) { return raise_letter(w, node_.tenant, id); });
  }
};

TEST_F(dead_letters, leave_the_journal_and_say_why_and_until_when) {
  auto e = give_up("m_1", "customer-1", dead_reason::died);
  EXPECT_EQ(rows("journal"), 0);
  auto found = all();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, e.id);
  EXPECT_EQ(found[0].channel, e.channel);
  EXPECT_EQ(found[0].reason, dead_reason::died);
  EXPECT_EQ(found[0].attempts, 5);
  EXPECT_EQ(found[0].died_at, node_.clock.now());
  EXPECT_EQ(found[0].until, e.received_at + seen_for);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(dead_letters, are_not_made_of_what_was_worked_off) {
  auto e = node_.offer(message("Hello", "m_1"));
  node_.take(e);
  EXPECT_FALSE(node_.write(
    [&](work& w) { return bury(w, e.tenant, e.id, 5, dead_reason::failed); }));
  EXPECT_EQ(rows("dead_letter"), 0);
}

TEST_F(dead_letters, come_in_pages_in_the_order_of_acceptance) {
  std::vector<journal_id> given;
  for (int i = 0; i < 5; ++i)
    given.push_back(give_up("m_" + std::to_string(i)).id);
  std::vector<journal_id> seen;
  for (journal_id after;;) {
    auto page = all(after, 2);
    if (page.empty())
      break;
    for (const auto& d : page)
      seen.push_back(d.id);
    after = page.back().id;
  }
  EXPECT_EQ(seen, given);
}

TEST_F(dead_letters, end_before_their_days_key_does) {
  auto e = give_up("m_1");
  auto until = all().at(0).until;
  node_.clock.set(until);
  node_.write([](work& w) { sweep(w); });
  EXPECT_EQ(rows("dead_letter"), 1);
  EXPECT_TRUE(has_key(journal_key(e.tenant, e.key_day)));
  EXPECT_EQ(node_.broken(), "");
  node_.clock.set(until + milliseconds{1});
  EXPECT_EQ(raise(e.id).now, raised_letter::state::not_found)
    << "its end has come, swept or not";
  node_.write([](work& w) { sweep(w); });
  EXPECT_EQ(rows("dead_letter"), 0);
}

TEST_F(dead_letters, go_with_their_conversation_and_nobody_elses) {
  talk();
  give_up("m_3");
  give_up("m_4", "customer-2");
  auto p = node_.erase(erase_scope::conversation, first_.id.value);
  EXPECT_EQ(rows("dead_letter"), 1);
  EXPECT_EQ(field(p.proof, "journal_rows"), "1");
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(dead_letters, go_with_a_conversation_whose_time_is_over) {
  talk();
  give_up("m_3");
  node_.clock.set(first_.erase_at + hours{1});
  auto r = node_.request(erase_scope::conversation, first_.id.value);
  r.reason = erase_reason::retention;
  for (auto now = erase_progress::state::more;
       now == erase_progress::state::more;)
    now =
      node_.write([&](work& w) { return erase_step(w, *node_.book, r); }).now;
  EXPECT_EQ(rows("dead_letter"), 0);
}

TEST_F(dead_letters, go_with_their_person_and_their_tenant) {
  talk();
  give_up("m_3");
  give_up("m_4", "customer-2");
  node_.erase(erase_scope::person, first_.person.value);
  EXPECT_EQ(rows("dead_letter"), 1);
  node_.erase(erase_scope::tenant, {});
  EXPECT_EQ(rows("dead_letter"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(dead_letters, tried_again_have_their_effect_once) {
  auto e = give_up("m_1");
  auto back = raise(e.id);
  ASSERT_EQ(back.now, raised_letter::state::back);
  EXPECT_EQ(back.entry.event->text, "Hello");
  EXPECT_EQ(back.entry.conversation, e.conversation);
  EXPECT_EQ(node_.number("SELECT attempts FROM journal"), 0);
  EXPECT_EQ(rows("dead_letter"), 0);
  EXPECT_EQ(raise(e.id).now, raised_letter::state::not_found);
  auto c = node_.take(back.entry).now;
  ASSERT_TRUE(c);
  EXPECT_EQ(c->customer_seq, 1);
  node_.take(back.entry);
  EXPECT_EQ(node_.now_of(c->id).customer_seq, 1);
  EXPECT_EQ(rows("journal"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(dead_letters, that_cannot_be_read_stay_where_they_are) {
  auto e = give_up("m_1", "customer-1", dead_reason::unreadable);
  node_.execute("UPDATE dead_letter SET sealed = x'00'");
  EXPECT_EQ(raise(e.id).now, raised_letter::state::unreadable);
  EXPECT_EQ(rows("dead_letter"), 1);
  EXPECT_EQ(rows("journal"), 0);
}

TEST_F(dead_letters, of_another_tenant_are_not_there) {
  auto e = give_up("m_1");
  auto other = tenant_id{e.tenant.value + 1};
  EXPECT_EQ(
    node_.write([&](work& w) { return raise_letter(w, other, e.id); }).now,
    raised_letter::state::not_found);
  EXPECT_EQ(rows("dead_letter"), 1);
}

TEST_F(dead_letters, are_counted_over_all_tenants) {
  give_up("m_1");
  give_up("m_2");
  EXPECT_EQ(node_.read([](session& s) { return count_dead_letters(*s.db); }),
            2);
}

TEST_F(dead_letters, get_their_table_in_a_database_of_the_first_schema) {
  talk();
  auto waiting = node_.offer(message("not taken in", "m_9"));
  auto turns = rows("turn");
  node_.reopen([&] {
    auto own = sql::open_sqlite(node_.data_file().string(), {});
    own->execute("DROP TABLE dead_letter");
    own->execute("DELETE FROM schema_version WHERE number > 1");
    EXPECT_EQ(*state_of(node_.data_file()), database_state::older);
  });
  EXPECT_EQ(node_.number("SELECT max(number) FROM schema_version"),
            schema_version());
  EXPECT_EQ(rows("turn"), turns);
  EXPECT_EQ(rows("journal"), 1);
  EXPECT_EQ(node_.broken(), "");
  EXPECT_TRUE(node_.write([&](work& w) {
    return bury(w, waiting.tenant, waiting.id, 1, dead_reason::failed);
  }));
  EXPECT_EQ(rows("dead_letter"), 1);
}

class tries : public testing::Test {
protected:
  journal_entry row() {
    auto found = node_.read(
      [](session& s) { return read_journal(s, tenant_id{0}, {}, 10); });
    EXPECT_EQ(found.size(), 1u);
    return found.at(0);
  }

  begun_tries begin(const journal_entry& e) {
    return node_.write([&](work& w) {
      return begin_tries(w, std::span{&e, 1});
    });
  }

  failed_try fail(const journal_entry& e) {
    return node_.write(
      [&](work& w) { return fail_try(w, e.tenant, e.id, most_event_tries); });
  }

  std::size_t under_way(const journal_entry& e, timestamp until) {
    return node_.read([&](session& s) {
      return still_tried(*s.db, std::span{&e, 1}, until);
    });
  }

  storage_node node_;
};

TEST_F(tries, are_written_down_from_the_second_on_before_they_begin) {
  node_.offer(message("Hello", "m_1"));
  EXPECT_EQ(row().attempts, 0) << "the first costs no commit";
  auto begun = begin(row());
  EXPECT_TRUE(begun.may.at(0));
  EXPECT_EQ(row().attempts, 2);
  EXPECT_GT(begun.until, node_.clock.now() + try_again_after(2));
  EXPECT_EQ(under_way(row(), begun.until), 1u);
}

TEST_F(tries, begin_for_one_of_two_who_read_the_same_row) {
  node_.offer(message("Hello", "m_1"));
  auto read = row();
  EXPECT_TRUE(begin(read).may.at(0));
  EXPECT_FALSE(begin(read).may.at(0));
  EXPECT_EQ(row().attempts, 2);
}

TEST_F(tries, of_what_is_gone_do_not_begin) {
  auto e = node_.offer(message("Hello", "m_1"));
  node_.take(e);
  EXPECT_FALSE(begin(e).may.at(0));
  EXPECT_FALSE(fail(e).next);
}

TEST_F(tries, that_were_refused_five_times_make_a_dead_letter) {
  auto e = node_.offer(message("Hello", "m_1"));
  for (int i = 1; i < most_event_tries; ++i) {
    auto failed = fail(e);
    ASSERT_TRUE(failed.next) << i;
    EXPECT_EQ(failed.tries, i);
    EXPECT_EQ(*failed.next, node_.clock.now() + try_again_after(i));
    auto begun = begin(row());
    ASSERT_TRUE(begun.may.at(0)) << i;
    EXPECT_EQ(row().attempts, i + 1);
  }
  auto last = fail(e);
  EXPECT_TRUE(last.dead);
  EXPECT_FALSE(last.next);
  EXPECT_EQ(node_.number("SELECT attempts FROM dead_letter"), 5);
}

TEST_F(tries, are_no_longer_under_way_once_refused_in_the_same_moment) {
  auto e = node_.offer(message("Hello", "m_1"));
  auto begun = begin(row());
  fail(e);
  EXPECT_EQ(under_way(e, begun.until), 0u);
}

} // namespace
} // namespace assistly::storage
