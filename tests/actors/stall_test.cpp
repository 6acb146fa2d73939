/// RELIABILITY P11: a slow dependency stops nobody else: not the inbox, not
/// other channels.
#include "tests/actors/machine.hpp"

#include <limits>

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::machine;
using fakes::message;
using fakes::question;

std::int64_t rows(machine& m, const std::string& table) {
  return m.storage.number("SELECT count(*) FROM " + table);
}

/// To the business's WhatsApp number.
inbound_event other_channel(const std::string& mid, const std::string& phone) {
  auto e = message(question, mid, {});
  e.channel = channel_kind::whatsapp;
  e.account_id = "acme-number";
  e.person = {{alias_space::wa_phone, phone}};
  return e;
}

std::size_t sent_on(machine& m, channel_kind kind) {
  std::size_t count = 0;
  for (const auto& sent : m.meta.sent())
    count += sent.channel == kind;
  return count;
}

actors::send_answer answer_of(send_class what) {
  actors::send_answer a;
  a.report.what = what;
  return a;
}

/// Nobody is there, again and again.
void refuse_connections(machine& m, int times) {
  for (int i = 0; i < times; ++i) {
    auto a = answer_of(send_class::try_later);
    a.report.unreached = true;
    m.meta.next(a);
  }
}

/// So many people ask, one after another.
void ask(machine& m, int people, const std::string& names) {
  for (int i = 0; i < people; ++i) {
    m.deliver(message(question, "m-" + names + std::to_string(i),
                      names + std::to_string(i)));
    m.pass(milliseconds{20});
  }
}

TEST(stall, P11_of_one_channel_leaves_the_inbox_and_other_channels_alone) {
  auto limits = answering_at_once();
  limits.sends_at_once = 4;
  machine m{limits};
  m.meta.hold(channel_kind::messenger);
  ask(m, 20, "ann");
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 4; }));
  for (int second = 0; second < 60; ++second) {
    m.deliver(
      other_channel("w" + std::to_string(second), std::to_string(second)));
    m.pass(seconds{1});
  }
  ASSERT_TRUE(
    m.until([&] { return sent_on(m, channel_kind::whatsapp) == 60; }));
  EXPECT_EQ(rows(m, "journal"), 0) << "all of it was taken in";
  EXPECT_EQ(sent_on(m, channel_kind::messenger), 4u);
  m.meta.let_go();
  m.pass(seconds{5});
  EXPECT_TRUE(
    m.until([&] { return sent_on(m, channel_kind::messenger) == 20; }));
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(stall, P11_control_a_stall_of_every_channel_is_seen) {
  machine m{answering_at_once()};
  m.meta.hold();
  ask(m, 1, "ann");
  m.deliver(other_channel("w", "1"));
  m.deliver(other_channel("w2", "2"));
  m.pass(minutes{1});
  EXPECT_EQ(rows(m, "outbox WHERE state = 3"), 0);
  EXPECT_EQ(rows(m, "outbox"), 3) << "none has its receipt";
  m.meta.lose_held();
}

TEST(stall, P11_a_limit_of_ten_minutes_delays_its_channel_alone) {
  machine m{answering_at_once()};
  auto limited = answer_of(send_class::try_later);
  limited.report.code = 80006;
  limited.pause_channel = minutes{10};
  m.meta.next(limited);
  ask(m, 5, "ann");
  ASSERT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  for (int minute = 0; minute < 9; ++minute) {
    m.deliver(
      other_channel("w" + std::to_string(minute), std::to_string(minute)));
    m.pass(minutes{1});
  }
  EXPECT_TRUE(m.until([&] { return sent_on(m, channel_kind::whatsapp) == 9; }));
  EXPECT_EQ(sent_on(m, channel_kind::messenger), 1u);
  m.pass(minutes{20});
  EXPECT_TRUE(m.until([&] { return sent_on(m, channel_kind::messenger) == 6; }))
    << "the refused one again, and the four that waited";
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(stall, of_storage_puts_off_answers_and_then_sends_and_loses_neither) {
  machine m{answering_at_once()};
  auto slow = [&](milliseconds commit) {
    for (int i = 0; i < 3; ++i)
      m.pressure.end(commit, m.storage.clock.now());
  };
  slow(milliseconds{900});
  ask(m, 3, "ann");
  EXPECT_TRUE(m.until([&] { return rows(m, "journal") == 0; }))
    << "what comes in is taken in";
  EXPECT_EQ(rows(m, "conversation WHERE reply_due_at IS NOT NULL"), 3);
  EXPECT_EQ(m.meta.count(), 0u);
  EXPECT_GT(m.metrics.shed_total.at(shed_work::answer).value(), 0u);
  m.pass(seconds{30});
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 3; }));
  auto c = *m.of("ann0");
  slow(seconds{2});
  m.act(c.id, storage::member_act::reply, "A person's line");
  m.pass(seconds{3});
  EXPECT_EQ(m.meta.count(), 3u);
  EXPECT_EQ(rows(m, "outbox WHERE state = 1"), 1);
  m.pass(seconds{30});
  EXPECT_TRUE(m.until([&] { return m.meta.count() == 4; }));
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(breaker, P11_leaves_a_channel_alone_that_answers_nobody) {
  machine m{answering_at_once()};
  refuse_connections(m, 1'000);
  ask(m, 40, "ann");
  EXPECT_TRUE(m.until([&] { return rows(m, "journal") == 0; }));
  auto calls = m.meta.count();
  EXPECT_GE(calls, static_cast<std::size_t>(outages_to_open));
  EXPECT_LT(calls, 10u) << "the others wait without a call";
  EXPECT_EQ(
    m.metrics.breaker_openings_total.at(channel_kind::messenger).value(), 1u);
  m.pass(minutes{10});
  EXPECT_LT(m.meta.count(), calls + 20) << "a probe now and then";
}

TEST(breaker, P11_control_without_it_everybody_is_called_for) {
  auto limits = answering_at_once();
  limits.outages_to_open = std::numeric_limits<std::int32_t>::max();
  machine m{limits};
  refuse_connections(m, 1'000);
  ask(m, 40, "ann");
  EXPECT_TRUE(m.until([&] { return m.meta.count() >= 40; }));
  m.pass(minutes{10});
  EXPECT_GT(m.meta.count(), 100u);
}

TEST(breaker, sends_everything_once_when_the_channel_answers_again) {
  machine m{answering_at_once()};
  refuse_connections(m, outages_to_open + 1);
  ask(m, 20, "ann");
  m.pass(minutes{20});
  ASSERT_TRUE(m.until([&] { return rows(m, "outbox") == 0; }));
  EXPECT_EQ(m.storage.number("SELECT count(*) FROM turn WHERE state = 3"), 20);
  EXPECT_EQ(m.meta.count(), 20u + outages_to_open + 1);
  EXPECT_EQ(m.storage.broken(), "");
}

TEST(breaker, puts_few_in_doubt_where_answers_never_come) {
  machine m{answering_at_once()};
  for (int i = 0; i < 1'000; ++i)
    m.meta.next(answer_of(send_class::in_doubt));
  ask(m, 40, "ann");
  m.pass(seconds{3});
  EXPECT_LE(rows(m, "turn WHERE state = 7"), 10);
  EXPECT_GE(rows(m, "conversation WHERE reply_due_at IS NOT NULL"), 30)
    << "the others are still owed their answer";
}

TEST(breaker, is_not_moved_by_what_meta_says_of_a_message) {
  machine m{answering_at_once()};
  for (int i = 0; i < 20; ++i)
    m.meta.next(answer_of(send_class::refused));
  ask(m, 20, "ann");
  ASSERT_TRUE(m.until([&] { return m.meta.count() == 20; }));
  EXPECT_EQ(
    m.metrics.breaker_openings_total.at(channel_kind::messenger).value(), 0u);
}

} // namespace
} // namespace assistly
