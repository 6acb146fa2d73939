/// What is owed goes on after an actor's death, and after storage refused for a
/// moment: once, and not twice.
#include "tests/actors/held_storage.hpp"
#include "tests/actors/machine.hpp"
#include "tests/actors/scarce_memory.hpp"

#include <chrono>
#include <future>
#include <map>
#include <stdexcept>
#include <thread>

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::busy_readers;
using fakes::machine;
using fakes::message;
using fakes::opening;
using fakes::question;
using storage::member_act;

std::int64_t rows(machine& m, const std::string& table) {
  return m.storage.number("SELECT count(*) FROM " + table);
}

/// Nothing of storage's can read or write the table while this lives.
class missing_table {
public:
  missing_table(machine& m, std::string name) : m_{m}, name_{std::move(name)} {
    rename(name_, name_ + "_away");
  }

  ~missing_table() {
    rename(name_ + "_away", name_);
  }

  missing_table(const missing_table&) = delete;
  missing_table& operator=(const missing_table&) = delete;

private:
  void rename(const std::string& from, const std::string& to) {
    m_.storage.execute("ALTER TABLE " + from + " RENAME TO " + to);
  }

  machine& m_;
  std::string name_;
};

TEST(recovery, answers_once_what_a_conversation_owed_when_it_died) {
  machine m;
  for (const auto* who : {"ann", "cid", "dan"})
    m.deliver(message("Hello", std::string{"m-"} + who, who));
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  // Its mailbox keeps a copy of the words, and has no room for it.
  std::string words = question + std::string(4'321 - question.size(), ' ');
  auto event = message(words, "m1", "bob");
  fakes::refuse_once(words.size() + 1);
  m.deliver(event);
  ASSERT_TRUE(m.until([&] { return !fakes::is_refusing(); }));
  ASSERT_TRUE(m.until([&] { return m.of("bob").has_value(); }));
  m.pass(seconds{5});
  auto to_bob = [&] {
    int count = 0;
    for (const auto& sent : m.meta.sent())
      count += sent.to.aliases.front().external_id == "bob";
    return count;
  };
  ASSERT_TRUE(m.until([&] { return to_bob() == 1; }));
  EXPECT_EQ(m.metrics.conversations_resident.value(), 4)
    << "the dead one left memory and came back, and nobody else did";
  m.pass(minutes{3});
  EXPECT_EQ(to_bob(), 1);
  EXPECT_FALSE(m.of("bob")->reply_due_at);
  EXPECT_EQ(m.storage.broken(), "");
  EXPECT_TRUE(
    m.until([&] { return m.metrics.conversations_resident.value() == 0; }));
}

TEST(recovery, goes_on_when_an_actor_of_the_node_died) {
  machine m;
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.first().has_value(); }));
  std::promise<void> told;
  m.node->refresh([&] {
    told.set_value();
    throw std::runtime_error{"whoever asked is gone"};
  });
  told.get_future().get();
  m.pass(seconds{10});
  // A send that was claimed just as its tenant went is in doubt: it is people's
  // a minute later. Any other leaves, once.
  ASSERT_TRUE(m.until([&] {
    return m.meta.count() == 1 || rows(m, "turn WHERE state = 7") == 1;
  }));
  m.pass(minutes{2});
  EXPECT_TRUE(m.until(
    [&] { return m.meta.count() == 1 || m.first()->owner == speaker::human; }))
    << "nothing is lost without a word";
  auto answered = m.meta.count();
  EXPECT_LE(answered, 1u);
  m.deliver(message(question, "m2", "bob"));
  m.pass(seconds{5});
  EXPECT_TRUE(m.until([&] { return m.meta.count() == answered + 1; }));
}

TEST(recovery, writes_a_result_down_that_storage_refused_at_first) {
  machine m{answering_at_once()};
  m.storage.execute("CREATE TRIGGER broken BEFORE DELETE ON outbox "
                    "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  m.pass(seconds{5});
  EXPECT_EQ(m.storage.number("SELECT state FROM outbox"), 2)
    << "on its way, as far as storage knows";
  m.storage.execute("DROP TRIGGER broken");
  m.pass(seconds{2});
  ASSERT_TRUE(m.until([&] { return rows(m, "outbox") == 0; }));
  EXPECT_EQ(m.storage.turns(m.first()->id).at(1).state, turn_state::sent);
  EXPECT_EQ(m.meta.count(), 1u);
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(recovery, finds_the_way_of_an_event_that_names_nobody_at_the_second_try) {
  machine m{answering_at_once()};
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return rows(m, "turn WHERE state = 3") == 1; }));
  auto id = m.first()->id;
  auto news = message({}, m.storage.turns(id).at(1).external_id);
  news.kind = event_kind::status;
  news.state = delivery_state::read;
  news.person.clear();
  news.dedupe_key = "status:read";
  {
    missing_table turns{m, "turn"};
    m.deliver(news);
    m.pass(seconds{3});
    EXPECT_EQ(rows(m, "journal"), 1);
  }
  m.pass(seconds{2});
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  EXPECT_EQ(m.storage.turns(id).at(1).state, turn_state::read);
}

TEST(recovery, reads_a_page_of_the_journal_again) {
  machine m{answering_at_once()};
  std::optional<missing_table> journal;
  m.restart_with([&] {
    m.storage.offer(message(question, "m1"));
    journal.emplace(m, "journal");
  });
  m.pass(seconds{3});
  EXPECT_EQ(m.meta.count(), 0u);
  journal.reset();
  m.pass(seconds{2});
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 1; }));
}

TEST(recovery, reads_a_channels_queue_again) {
  machine m{answering_at_once()};
  m.storage.hear(message(question, "m1"));
  m.storage.answer(*m.first(), opening);
  {
    missing_table outbox{m, "outbox"};
    m.node->refresh([] {});
    m.pass(seconds{3});
    EXPECT_EQ(m.meta.count(), 0u);
  }
  m.pass(seconds{2});
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 1; }));
}

TEST(recovery, sends_more_than_one_page_of_a_channels_queue_each_in_order) {
  constexpr int people = 12;
  constexpr int lines = 85;
  machine m;
  for (int i = 0; i < people; ++i) {
    auto who = "customer-" + std::to_string(i);
    auto c = *m.storage.hear(message("Hello", "m-" + who, who)).now;
    m.storage.write([&](storage::work& w) {
      for (int n = 0; n < lines; ++n)
        if (!storage::act_as_member(w, m.storage.tenant, c.id,
                                    member_act::reply, std::to_string(n),
                                    m.storage.policy))
          throw std::runtime_error{"a line was refused"};
    });
  }
  ASSERT_GT(rows(m, "outbox"), 1'000);
  m.restart();
  for (int i = 0; i < 60 && rows(m, "outbox") > 0; ++i)
    m.until([&] { return rows(m, "outbox") == 0; });
  ASSERT_EQ(m.meta.count(), std::size_t{people * lines});
  std::map<std::string, int> next;
  for (const auto& sent : m.meta.sent())
    EXPECT_EQ(sent.text,
              std::to_string(next[sent.to.aliases.front().external_id]++));
}

/// Conversations end while the channel would still take an answer.
void live_short(machine& m) {
  auto plan = fakes::plan_of("acme");
  plan.settings.retention.conversation = minutes{15};
  m.storage.apply(plan);
  m.restart();
}

TEST(recovery, does_not_answer_what_was_past_its_end_at_the_start) {
  machine m;
  live_short(m);
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.first().has_value(); }));
  auto c = *m.first();
  ASSERT_TRUE(c.reply_due_at);
  // The eraser has others to see to first.
  m.storage.execute("UPDATE conversation SET timer_at = timer_at + 60000");
  m.storage.clock.set(c.erase_at);
  m.restart();
  m.pass(seconds{10});
  ASSERT_TRUE(m.until([&] { return !m.find(c.id)->reply_due_at; }));
  m.pass(minutes{1});
  ASSERT_TRUE(m.until([&] { return !m.find(c.id); }));
  EXPECT_EQ(m.meta.count(), 0u);
  EXPECT_EQ(rows(m, "outbox"), 0);
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(recovery, answers_a_customer_who_wrote_again_after_the_end) {
  machine m;
  live_short(m);
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.first().has_value(); }));
  m.storage.clock.set(m.first()->erase_at);
  m.restart_with([&] { m.storage.offer(message(question, "m2")); });
  m.pass(seconds{30});
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  m.pass(minutes{1});
  EXPECT_EQ(m.meta.count(), 1u);
  EXPECT_EQ(m.storage.broken(), "");
}

;

class withdrawal_while_reading : public testing::Test {
protected:
  /// Two questions are owed an answer; their lines are asked for, and while
  /// they are read the customer takes these back.
  void take_back(const std::vector<std::string>& ids) {
    m_.deliver(message(question, "m1"));
    m_.deliver(message(question, "m2"));
    ASSERT_TRUE(m_.until([&] {
      auto c = m_.first();
      return c && c->customer_seq == 2;
    }));
    // Words that were changed are not in memory: storage has to be asked.
    auto edit = message(question, "m1");
    edit.edit = true;
    edit.dedupe_key = "edit:m1";
    m_.deliver(edit);
    ASSERT_TRUE(m_.until([&] { return rows(m_, "journal") == 0; }));
    m_.pass(milliseconds{1});
    busy_readers busy{m_};
    m_.storage.clock.advance(seconds{3});
    m_.wake();
    for (const auto& id : ids) {
      auto e = message({}, id);
      e.kind = event_kind::withdrawn;
      e.dedupe_key = "unsend:" + id;
      m_.deliver(e);
    }
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (m_.storage.number("SELECT count(*) FROM turn WHERE state = 9")
             < static_cast<std::int64_t>(ids.size())
           && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    busy.let_go();
  }

  machine m_;
};

TEST_F(withdrawal_while_reading, leaves_the_rest_its_one_answer) {
  take_back({"m2"});
  m_.pass(seconds{10});
  ASSERT_TRUE(m_.until([&] { return m_.meta.count() == 1; }));
  m_.pass(minutes{1});
  EXPECT_EQ(m_.meta.count(), 1u);
  EXPECT_FALSE(m_.first()->reply_due_at);
  EXPECT_EQ(m_.storage.broken(), "");
}

TEST_F(withdrawal_while_reading, of_all_is_not_answered_and_holds_up_nothing) {
  take_back({"m2", "m1"});
  m_.pass(seconds{30});
  EXPECT_EQ(m_.meta.count(), 0u);
  EXPECT_FALSE(m_.first()->reply_due_at);
  m_.deliver(message(question, "m3"));
  m_.pass(seconds{5});
  EXPECT_TRUE(m_.until([&] { return m_.meta.count() == 1; }));
  EXPECT_EQ(m_.storage.broken(), "");
}

} // namespace
} // namespace assistly
