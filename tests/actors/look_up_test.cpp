/// P4: a send in doubt is looked up at the channel. What was accepted is not
/// sent again, what never arrived is, and what nobody can know goes to people.
#include "tests/actors/graph_world.hpp"
#include "tests/actors/machine.hpp"

namespace assistly {
namespace {

using fakes::answering_at_once;
using fakes::graph_world;
using fakes::machine;
using fakes::opening;
using fakes::question;

/// Says that nothing is there, whatever is: a repetition without a look.
class blind_sender final : public actors::message_sender {
public:
  explicit blind_sender(std::unique_ptr<actors::message_sender> real)
    : real_(std::move(real)) {}

  void send(actors::outgoing_message message,
            std::function<void(actors::send_answer)> done) override {
    real_->send(std::move(message), std::move(done));
  }

  void look_up(actors::sought_message,
               std::function<void(actors::look_up_answer)> done) override {
    done({shown_page{{}, true}, milliseconds{0}});
  }

private:
  std::unique_ptr<actors::message_sender> real_;
};

class p4_look_up : public testing::TestWithParam<channel_kind> {
protected:
  explicit p4_look_up(bool look = true, bool blind = false) {
    auto limits = answering_at_once();
    limits.look_up_doubts = look;
    m_ = std::make_unique<machine>(
      limits, [&](const clock_source& clock) -> machine::outside {
        meta_ = std::make_unique<graph_world>(clock);
        // Neither echo nor status vouches for anything.
        meta_->world.settings().echoes = false;
        meta_->world.settings().statuses = false;
        if (blind)
          return {std::make_unique<blind_sender>(meta_->way_out()), nullptr};
        return {meta_->way_out(), nullptr};
      });
  }

  ~p4_look_up() override {
    m_.reset();
  }

  virtual channel_kind kind() const {
    return GetParam();
  }

  void hear() {
    for (auto& event : meta_->webhooks())
      m_->deliver(std::move(event));
  }

  /// The customer asks, and what Meta says to our answer is lost.
  void answer_in_doubt(const std::string& rule) {
    meta_->strike(rule);
    meta_->customer(kind(), question);
    hear();
    ASSERT_TRUE(m_->until([&] { return in_state(turn_state::unknown) == 1; }));
  }

  std::int64_t in_state(turn_state state) {
    return m_->storage.number("SELECT count(*) FROM outbox WHERE state = "
                              + std::to_string(static_cast<int>(state)));
  }

  std::int64_t turns(turn_state state) {
    return m_->storage.number(
      "SELECT count(*) FROM turn WHERE author = 2 AND state = "
      + std::to_string(static_cast<int>(state)));
  }

  std::int64_t notes() {
    return m_->storage.number("SELECT count(*) FROM turn WHERE author = 5");
  }

  std::int64_t waiting() {
    return m_->storage.number("SELECT count(*) FROM outbox");
  }

  std::unique_ptr<graph_world> meta_;
  std::unique_ptr<machine> m_;
};

const std::string accepted_but_lost = R"({"kind":"reset_after_accept"})";
const std::string lost_before = R"({"kind":"reset_before"})";
const std::string sent_but_error =
  R"({"kind":"error","code":1,"subcode":1357046})";

TEST_P(p4_look_up, finds_what_was_accepted_and_sends_it_no_second_time) {
  for (const auto& rule : {accepted_but_lost, sent_but_error}) {
    answer_in_doubt(rule);
    m_->pass(looked_up_after - seconds{2});
    EXPECT_EQ(in_state(turn_state::unknown), 1) << "an echo has its time";
    m_->pass(seconds{4});
    ASSERT_TRUE(m_->until([&] { return waiting() == 0; }));
    m_->pass(minutes{3});
  }
  EXPECT_EQ(meta_->said_to(kind()).size(), 2U) << "one for each question";
  EXPECT_EQ(turns(turn_state::sent), 2);
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(m_->first()->owner, speaker::ai);
  EXPECT_EQ(m_->storage.broken(), "");
}

TEST_P(p4_look_up, sends_once_more_what_never_arrived) {
  answer_in_doubt(lost_before);
  m_->pass(looked_up_after + seconds{2});
  ASSERT_TRUE(m_->until([&] { return waiting() == 0; }));
  m_->pass(minutes{3});
  EXPECT_EQ(meta_->said_to(kind()).size(), 1U);
  EXPECT_EQ(turns(turn_state::sent), 1);
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(m_->storage.broken(), "");
}

TEST_P(p4_look_up, leaves_to_people_what_is_lost_a_second_time) {
  meta_->strike(R"({"kind":"reset_before","times":2})");
  answer_in_doubt(lost_before);
  m_->pass(looked_up_after + seconds{2});
  ASSERT_TRUE(m_->until([&] { return in_state(turn_state::unknown) == 1; }));
  m_->pass(doubt_shown_after + seconds{1});
  ASSERT_TRUE(m_->until([&] { return notes() == 1; }));
  EXPECT_TRUE(meta_->said_to(kind()).empty());
}

TEST_P(p4_look_up, leaves_to_people_in_time_what_cannot_be_looked_up) {
  meta_->strike(R"({"match":{"path_contains":"conversations"},)"
                R"("kind":"status","code":500,"times":0})");
  answer_in_doubt(accepted_but_lost);
  if (is_comment_channel(kind()))
    meta_->strike(R"({"match":{"path_contains":"_"},"kind":"status",)"
                  R"("code":500,"times":0})");
  m_->pass(doubt_shown_after - seconds{2});
  EXPECT_EQ(notes(), 0);
  m_->pass(seconds{4});
  ASSERT_TRUE(m_->until([&] { return notes() == 1; }));
  m_->pass(minutes{3});
  EXPECT_EQ(meta_->said_to(kind()).size(), 1U);
}

TEST_P(p4_look_up, knows_the_late_echo_of_what_it_found) {
  answer_in_doubt(accepted_but_lost);
  m_->pass(looked_up_after + seconds{2});
  ASSERT_TRUE(m_->until([&] { return waiting() == 0; }));
  auto echo = fakes::echo(opening, "", "");
  auto c = m_->first();
  echo.channel = kind();
  echo.account_id =
    kind() == channel_kind::instagram ? "acme-insta" : "acme-page";
  echo.person = {c->to.aliases.front()};
  echo.thread_id = c->to.thread_id;
  echo.external_id = m_->storage.read([&](storage::session& s) {
    return storage::read_turns(*s.db, s.keys, m_->storage.tenant, c->id)
      .back()
      .external_id;
  });
  echo.dedupe_key = "mid:" + echo.external_id;
  m_->deliver(std::move(echo));
  m_->pass(minutes{2});
  EXPECT_EQ(m_->first()->owner, speaker::ai) << "it is no person's";
  EXPECT_EQ(m_->storage.number("SELECT count(*) FROM turn"), 2);
}

INSTANTIATE_TEST_SUITE_P(channels, p4_look_up,
                         testing::Values(channel_kind::messenger,
                                         channel_kind::instagram,
                                         channel_kind::page_comments),
                         [](const auto& one) {
                           return std::string{to_string(one.param)};
                         });

class p4_messenger : public p4_look_up {
protected:
  using p4_look_up::p4_look_up;

  channel_kind kind() const override {
    return channel_kind::messenger;
  }
};

class p4_restarted : public p4_messenger {};

TEST_P(p4_restarted, looks_up_what_a_crash_left_in_doubt) {
  answer_in_doubt(accepted_but_lost);
  m_->restart();
  m_->pass(doubt_shown_after + seconds{2});
  ASSERT_TRUE(m_->until([&] { return waiting() == 0; }));
  EXPECT_EQ(meta_->said_to(kind()).size(), 1U);
  EXPECT_EQ(notes(), 0);
}

TEST_P(p4_restarted, does_not_repeat_behind_what_was_said_since) {
  answer_in_doubt(lost_before);
  // The customer asks something else and is answered.
  meta_->customer(kind(), question + " Please.");
  hear();
  ASSERT_TRUE(m_->until([&] { return meta_->said_to(kind()).size() == 1; }));
  m_->pass(doubt_shown_after + seconds{2});
  EXPECT_EQ(meta_->said_to(kind()).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(one, p4_restarted,
                         testing::Values(channel_kind::messenger));

class p4_whatsapp : public p4_look_up {
protected:
  channel_kind kind() const override {
    return channel_kind::whatsapp;
  }
};

TEST_P(p4_whatsapp, has_no_look_up_and_is_shown_to_people) {
  answer_in_doubt(accepted_but_lost);
  m_->pass(doubt_shown_after + seconds{2});
  ASSERT_TRUE(m_->until([&] { return notes() == 1; }));
  EXPECT_EQ(meta_->asked("GET", ""), 0U);
  EXPECT_EQ(meta_->said_to(kind()).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(one, p4_whatsapp,
                         testing::Values(channel_kind::whatsapp));

class p4_without_look_up : public p4_messenger {
protected:
  p4_without_look_up() : p4_messenger(false) {}
};

TEST_P(p4_without_look_up, control_everything_goes_to_people) {
  answer_in_doubt(accepted_but_lost);
  m_->pass(doubt_shown_after + seconds{2});
  EXPECT_TRUE(m_->until([&] { return notes() == 1; }));
  EXPECT_EQ(in_state(turn_state::unknown), 1);
  EXPECT_EQ(meta_->asked("GET", "conversations"), 0U);
}

INSTANTIATE_TEST_SUITE_P(one, p4_without_look_up,
                         testing::Values(channel_kind::messenger));

class p4_blind : public p4_messenger {
protected:
  p4_blind() : p4_messenger(true, true) {}
};

TEST_P(p4_blind, control_the_customer_gets_it_twice) {
  answer_in_doubt(accepted_but_lost);
  m_->pass(looked_up_after + seconds{2});
  ASSERT_TRUE(m_->until([&] { return waiting() == 0; }));
  EXPECT_EQ(meta_->said_to(kind()).size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(one, p4_blind,
                         testing::Values(channel_kind::messenger));

} // namespace
} // namespace assistly
