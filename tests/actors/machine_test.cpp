#include "tests/actors/machine.hpp"

#include <filesystem>
#include <fstream>
#include <future>

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::machine;
using fakes::message;
using fakes::opening;
using fakes::question;
using storage::member_act;

std::string state_of_outbox(machine& m) {
  return std::to_string(m.storage.number("SELECT count(*) FROM outbox"))
         + " rows, "
         + std::to_string(
           m.storage.number("SELECT count(*) FROM outbox WHERE state = 1"))
         + " queued";
}

TEST(machine, answers_a_burst_once_when_the_customer_is_silent) {
  machine m;
  m.deliver(message("Hello", "m1"));
  m.deliver(message(question, "m2"));
  ASSERT_TRUE(m.until([&] {
    auto c = m.first();
    return c && c->customer_seq == 2;
  }));
  m.pass(seconds{1});
  EXPECT_EQ(m.meta.count(), 0u) << "the customer may still be writing";
  m.pass(seconds{2});
  ASSERT_TRUE(m.until([&] { return m.meta.count() > 0; }));
  ASSERT_TRUE(m.until(
    [&] { return m.storage.number("SELECT count(*) FROM outbox") == 0; }));
  m.pass(seconds{20});
  ASSERT_EQ(m.meta.count(), 1u);
  EXPECT_EQ(m.meta.sent()[0].text, opening);
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(machine, says_nothing_once_a_person_has_taken_over) {
  machine m;
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.first().has_value(); }));
  auto c = *m.first();
  m.act(c.id, member_act::take_over);
  m.pass(seconds{30});
  m.deliver(message(question, "m2"));
  m.pass(seconds{30});
  ASSERT_TRUE(m.until([&] { return m.find(c.id)->customer_seq > 1; }));
  m.pass(seconds{30});
  EXPECT_EQ(m.meta.count(), 0u);
  m.act(c.id, member_act::hand_back);
  m.deliver(message(question, "m3"));
  ASSERT_TRUE(m.until([&] { return m.find(c.id)->customer_seq > 2; }));
  m.pass(seconds{3});
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 1; }));
}

TEST(machine, erases_a_conversation_at_its_end) {
  machine m{answering_at_once()};
  auto plan = fakes::plan_of("acme");
  plan.settings.retention.conversation = minutes{15};
  m.storage.apply(plan);
  std::promise<void> refreshed;
  m.node->refresh([&] { refreshed.set_value(); });
  refreshed.get_future().get();
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  ASSERT_TRUE(m.until(
    [&] { return m.storage.number("SELECT count(*) FROM outbox") == 0; }));
  auto c = *m.first();
  // The end is a whole second.
  EXPECT_LE(c.erase_at, m.storage.clock.now() + minutes{15} + seconds{1});
  m.pass(c.erase_at - m.storage.clock.now() - seconds{2});
  ASSERT_TRUE(m.find(c.id)) << "not a second before";
  m.pass(seconds{4});
  ASSERT_TRUE(m.until([&] { return !m.find(c.id); }));
  EXPECT_EQ(m.storage.number("SELECT count(*) FROM turn"), 0);
  EXPECT_EQ(m.storage.broken(), "");
  // The log is emptied when the eraser has nothing more to do.
  auto log = m.storage.data_file().string() + "-wal";
  EXPECT_TRUE(m.until([&] {
    return !std::filesystem::exists(log)
           || std::filesystem::file_size(log) == 0;
  }));
  for (const auto& file :
       std::filesystem::directory_iterator(m.storage.folder.path())) {
    std::ifstream in{file.path(), std::ios::binary};
    std::string all{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(all.find(question), std::string::npos) << file.path();
  }
}

TEST(machine, erases_on_demand_and_proves_it) {
  machine m{answering_at_once()};
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  ASSERT_TRUE(m.until(
    [&] { return m.storage.number("SELECT count(*) FROM outbox") == 0; }));
  auto c = *m.first();
  auto r = m.storage.request(storage::erase_scope::conversation, c.id.value);
  m.storage.write([&](storage::work& w) { storage::request_erasure(w, r); });
  std::promise<outcome<storage::receipt>> told;
  m.node->erase(
    r, [&](outcome<storage::receipt> p) { told.set_value(std::move(p)); });
  EXPECT_TRUE(told.get_future().get());
  EXPECT_FALSE(m.find(c.id));
}

TEST(machine, answers_after_a_restart_what_was_owed_before_it) {
  machine m;
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.first().has_value(); }));
  m.restart();
  m.pass(seconds{3});
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  EXPECT_EQ(m.meta.sent()[0].text, opening);
}

TEST(machine, takes_in_after_a_restart_what_was_acknowledged_before_it) {
  machine m{answering_at_once()};
  m.restart_with([&] { m.storage.offer(message(question, "m1")); });
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 1; }));
}

TEST(machine, keeps_no_idle_conversation_in_memory_and_goes_on_with_it) {
  machine m{answering_at_once()};
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  EXPECT_EQ(m.metrics.conversations_resident.value(), 1);
  m.pass(minutes{3});
  EXPECT_TRUE(
    m.until([&] { return m.metrics.conversations_resident.value() == 0; }));
  m.deliver(message(question, "m2"));
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 2; }));
}

TEST(machine, keeps_nobody_in_memory_who_has_no_conversation) {
  machine m;
  auto news = message({}, "m1", "a-stranger");
  news.kind = event_kind::status;
  news.state = delivery_state::read;
  m.deliver(news);
  ASSERT_TRUE(m.until(
    [&] { return m.storage.number("SELECT count(*) FROM journal") == 0; }));
  m.pass(minutes{3});
  EXPECT_TRUE(
    m.until([&] { return m.metrics.conversations_resident.value() == 0; }));
}

TEST(machine, wakes_a_busy_conversation_no_more_than_needed) {
  machine m;
  m.meta.hold();
  m.deliver(message(question, "m1"));
  m.pass(seconds{10});
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  m.deliver(message("And where?", "m2"));
  m.pass(minutes{2});
  auto before = m.woken;
  m.pass(minutes{10});
  // The retention timer looks each second.
  EXPECT_LT(m.woken - before, 700u);
  m.meta.let_go();
}

TEST(machine,
     lets_answers_wait_in_their_conversation_while_the_channel_is_busy) {
  auto limits = answering_at_once();
  limits.sends_at_once = 1;
  machine m{limits};
  m.meta.hold();
  m.deliver(message(question, "m1", "ann"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  m.deliver(message(question, "m2", "bob"));
  ASSERT_TRUE(m.until(
    [&] { return m.storage.number("SELECT count(*) FROM journal") == 0; }));
  m.pass(seconds{5});
  EXPECT_EQ(state_of_outbox(m), "1 rows, 0 queued");
  m.meta.let_go();
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 2; }));
}

TEST(machine, makes_every_answer_where_only_one_may_be_made_at_once) {
  auto limits = answering_at_once();
  limits.answers_at_once = 1;
  machine m{limits};
  for (int i = 0; i < 20; ++i)
    m.deliver(
      message(question, "m" + std::to_string(i), "c" + std::to_string(i)));
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 20; }));
  m.pass(minutes{1});
  EXPECT_EQ(m.meta.count(), 20u);
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(machine, asks_again_before_it_sends_what_a_pause_has_delayed) {
  machine m{answering_at_once()};
  actors::send_answer limited;
  limited.report.what = send_class::try_later;
  limited.report.code = 80006;
  limited.pause_channel = hours{1};
  m.meta.next(limited);
  m.deliver(message(question, "m1", "ann"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  m.deliver(message(question, "m2", "bob"));
  ASSERT_TRUE(m.until([&] { return state_of_outbox(m) == "2 rows, 2 queued"; }))
    << state_of_outbox(m);
  m.act(m.of("bob")->id, member_act::take_over);
  m.pass(hours{1} + minutes{16});
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 2; }));
  m.pass(minutes{20});
  ASSERT_EQ(m.meta.count(), 2u);
  EXPECT_EQ(m.meta.sent()[1].to.aliases.front().external_id, "ann");
}

TEST(machine, hands_to_people_what_meta_refuses) {
  machine m{answering_at_once()};
  actors::send_answer refused;
  refused.report.what = send_class::refused;
  refused.report.code = 551;
  m.meta.next(refused);
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] {
    auto c = m.first();
    return c && c->owner == speaker::human;
  }));
  m.deliver(message(question, "m2"));
  ASSERT_TRUE(m.until(
    [&] { return m.storage.number("SELECT count(*) FROM journal") == 0; }));
  m.pass(seconds{30});
  EXPECT_EQ(m.meta.count(), 1u) << "a person has it now";
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(machine, writes_down_at_a_stop_what_meta_is_answering) {
  machine m{answering_at_once()};
  m.meta.hold();
  m.deliver(message(question, "m1"));
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 1; }));
  EXPECT_FALSE(m.finish_sends(milliseconds{1})) << "one is under way";
  m.meta.let_go();
  EXPECT_TRUE(m.finish_sends(seconds{5}));
  m.restart();
  EXPECT_EQ(m.storage.number("SELECT count(*) FROM outbox"), 0);
  m.pass(minutes{1});
  EXPECT_EQ(m.meta.count(), 1u);
}

} // namespace
} // namespace assistly
