/// P12: after an outage no account stays unsubscribed, what Meta could not tell
/// is fetched as far as Meta keeps it, and nothing is answered twice.
#include "tests/actors/graph_world.hpp"
#include "tests/actors/machine.hpp"

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::graph_world;
using fakes::machine;
using fakes::question;

const std::string page = "acme-page";
const std::string insta = "acme-insta";

class p12 : public testing::Test {
protected:
  explicit p12(bool watched = true) {
    m_ = std::make_unique<machine>(
      answering_at_once(), [&](const clock_source& clock) -> machine::outside {
        meta_ = std::make_unique<graph_world>(clock);
        meta_->world.settings().statuses = false;
        return {meta_->way_out(), watched ? meta_->accounts() : nullptr};
      });
  }

  ~p12() override {
    m_.reset();
  }

  void hear() {
    for (auto& event : meta_->webhooks())
      m_->deliver(std::move(event));
  }

  /// Lives on, taking what Meta delivers.
  void live(seconds time) {
    for (seconds gone{0}; gone < time; ++gone) {
      hear();
      m_->pass(seconds{1});
    }
  }

  bool heard_all(const std::function<bool()>& condition) {
    return m_->until([&] {
      hear();
      return condition();
    });
  }

  /// Everything is as it should be, and has been watched for a while.
  void SetUp() override {
    meta_->customer(channel_kind::messenger, question, "Ann");
    meta_->customer(channel_kind::instagram, question, "Ina");
    live(minutes{6});
    ASSERT_EQ(meta_->said_to(channel_kind::messenger, "Ann").size(), 1U);
    ASSERT_EQ(meta_->said_to(channel_kind::instagram, "Ina").size(), 1U);
  }

  /// Nothing of ours runs; Meta tries in vain. What happens meanwhile is in
  /// `acts`, by the minute.
  void be_away(minutes time, const std::map<int, std::function<void()>>& acts) {
    m_->restart([&] {
      // Webhooks tell the millisecond, what is fetched only the second.
      m_->storage.clock.advance(milliseconds{789});
      for (int minute = 0; minute < time.count(); ++minute) {
        if (auto act = acts.find(minute); act != acts.end())
          act->second();
        meta_->webhooks(0);
        m_->storage.clock.advance(minutes{1});
      }
    });
  }

  std::size_t said(const std::string& who,
                   channel_kind kind = channel_kind::messenger) {
    return meta_->said_to(kind, who).size();
  }

  conversation first_on_messenger() {
    return m_->storage.read([&](storage::session& s) {
      for (auto id :
           storage::conversation_ids(*s.db, m_->storage.tenant, {}, 10))
        if (auto one =
              storage::find_conversation(*s.db, s.keys, m_->storage.tenant, id);
            one && one->kind == channel_kind::messenger)
          return *one;
      return conversation{};
    });
  }

  std::int64_t asked_turns() {
    return m_->storage.number("SELECT count(*) FROM turn WHERE author = 1");
  }

  /// An outage of 75 minutes in which customers write on both channels, and
  /// somebody of the business answers one of them.
  void outage() {
    be_away(
      minutes{75},
      {{1, [&] { meta_->customer(channel_kind::messenger, question, "Bob"); }},
       {2, [&] { meta_->customer(channel_kind::messenger, question, "Dan"); }},
       {5, [&] { meta_->staff(channel_kind::messenger, "From nine.", "Dan"); }},
       {6, [&] { meta_->customer(channel_kind::instagram, question, "Ian"); }},
       {70, [&] { meta_->customer(channel_kind::messenger, question, "Eve"); }},
       {71,
        [&] { meta_->customer(channel_kind::messenger, question, "Ann"); }}});
  }

  std::unique_ptr<graph_world> meta_;
  std::unique_ptr<machine> m_;
};

TEST_F(p12, subscribes_again_and_fills_the_gap_without_a_double_answer) {
  outage();
  ASSERT_FALSE(meta_->subscribed(page)) << "after an hour of failures";
  ASSERT_FALSE(meta_->subscribed(insta));
  live(minutes{5});
  EXPECT_TRUE(meta_->subscribed(page));
  EXPECT_TRUE(meta_->subscribed(insta));
  ASSERT_TRUE(heard_all([&] { return asked_turns() == 7; }))
    << asked_turns() << " of 7: all that was asked is there";
  live(minutes{10});
  EXPECT_EQ(said("Bob"), 1U);
  EXPECT_EQ(said("Eve"), 1U);
  EXPECT_EQ(said("Ann"), 2U) << "one for each question";
  EXPECT_EQ(said("Ian", channel_kind::instagram), 1U);
  EXPECT_EQ(said("Dan"), 1U) << "a person had answered";
  EXPECT_EQ(said("Ina", channel_kind::instagram), 1U);
  EXPECT_EQ(m_->storage.broken(), "");
}

TEST_F(p12, counts_once_what_meta_delivers_and_what_is_fetched) {
  // Too short to be unsubscribed, long enough to be looked at.
  be_away(
    minutes{20},
    {{1, [&] { meta_->customer(channel_kind::messenger, question, "Bob"); }},
     {19, [&] { meta_->customer(channel_kind::messenger, question, "Eve"); }}});
  // Meta is slower than we are: everything is fetched first.
  m_->pass(minutes{3});
  ASSERT_TRUE(m_->until([&] { return said("Bob") == 1 && said("Eve") == 1; }));
  live(minutes{30});
  EXPECT_EQ(said("Bob"), 1U);
  EXPECT_EQ(said("Eve"), 1U);
  EXPECT_EQ(asked_turns(), 4);
  EXPECT_GT(meta_->world.webhook_totals().accepted, 4U) << "it did deliver";
}

TEST_F(p12, goes_on_with_the_gap_after_a_crash) {
  meta_->strike(R"({"match":{"path_contains":"/conversations"},)"
                R"("kind":"status","code":500,"times":0})");
  outage();
  live(minutes{2});
  ASSERT_TRUE(meta_->subscribed(page));
  EXPECT_EQ(said("Bob"), 0U);
  {
    std::lock_guard lock{meta_->mutex};
    meta_->world.faults().clear();
  }
  m_->restart();
  live(minutes{3});
  EXPECT_TRUE(heard_all([&] { return asked_turns() == 7; }));
  live(minutes{1});
  EXPECT_EQ(said("Bob"), 1U);
}

TEST_F(p12, tries_on_while_meta_refuses_the_subscription) {
  meta_->strike(R"({"match":{"path_contains":"acme-page/subscribed_apps"},)"
                R"("kind":"error","code":200,"times":4})");
  outage();
  live(minutes{5});
  EXPECT_TRUE(meta_->subscribed(page));
  EXPECT_TRUE(heard_all([&] { return said("Bob") == 1; }));
}

TEST_F(p12, looks_when_a_send_has_no_echo) {
  meta_->unsubscribe(page);
  auto looked = meta_->asked("GET", "acme-page/subscribed_apps");
  m_->act(first_on_messenger().id, storage::member_act::reply, "Ana here");
  live(minutes{2} + seconds{10});
  EXPECT_GT(meta_->asked("GET", "acme-page/subscribed_apps"), looked);
  EXPECT_TRUE(meta_->subscribed(page));
}

TEST_F(p12, does_not_answer_what_was_said_before_the_account_was_ours) {
  be_away(
    minutes{75},
    {{1, [&] { meta_->customer(channel_kind::messenger, question, "Bob"); }}});
  // As if it had never been watched.
  m_->storage.execute("DELETE FROM node WHERE name LIKE 'watch.channel.%'");
  m_->restart();
  live(minutes{5});
  EXPECT_TRUE(meta_->subscribed(page));
  EXPECT_EQ(said("Bob"), 0U);
}

TEST_F(p12, asks_nothing_while_the_app_is_at_its_limit) {
  // A look that taught nothing is tried again every half minute.
  meta_->strike(R"({"match":{"path_contains":"acme-page/subscribed_apps"},)"
                R"("kind":"status","code":500,"times":0})");
  auto looks = [&] { return meta_->asked("GET", "acme-page/subscribed_apps"); };
  live(minutes{6});
  auto before = looks();
  live(seconds{50});
  ASSERT_GT(looks(), before);
  meta_->strike(R"({"match":{"path_contains":"acme-page/messages"},)"
                R"("kind":"error","code":4})");
  m_->act(first_on_messenger().id, storage::member_act::reply, "Ana here");
  live(seconds{2});
  before = looks();
  live(seconds{50});
  EXPECT_EQ(looks(), before);
  live(seconds{50});
  EXPECT_GT(looks(), before);
}

TEST_F(p12, keeps_asking_no_more_than_every_five_minutes_when_all_is_well) {
  auto before = meta_->asked("GET", "acme-page/subscribed_apps");
  live(minutes{30});
  auto looks = meta_->asked("GET", "acme-page/subscribed_apps") - before;
  EXPECT_GE(looks, 5U);
  EXPECT_LE(looks, 7U);
  EXPECT_EQ(meta_->asked("POST", "subscribed_apps"), 0U);
  EXPECT_EQ(meta_->asked("GET", "/conversations"), 0U);
}

class p12_unwatched : public p12 {
protected:
  p12_unwatched() : p12(false) {}
};

TEST_F(p12_unwatched, control_the_page_stays_unsubscribed_and_the_gap_open) {
  outage();
  live(minutes{15});
  EXPECT_FALSE(meta_->subscribed(page));
  EXPECT_EQ(said("Bob"), 0U);
  EXPECT_LT(asked_turns(), 7);
}

} // namespace
} // namespace assistly
