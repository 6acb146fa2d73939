#include "tests/sandbox/sandbox_case.hpp"

namespace assistly::sandbox {

namespace {

observed_call accepted(std::string text, std::string metadata = "m") {
  observed_call made;
  made.is_send = true;
  made.accepted = true;
  made.channel = channel_kind::messenger;
  made.recipient = "70";
  made.text = std::move(text);
  made.metadata = std::move(metadata);
  return made;
}

TEST(recording, counts_a_second_time_as_a_duplicate) {
  recording record;
  record.add(accepted("a"));
  record.add(accepted("b"));
  record.add(accepted("a", "other row"));
  EXPECT_EQ(record.counts().duplicates, 0U);
  record.add(accepted("a"));
  EXPECT_EQ(record.counts().duplicates, 1U);
  auto refused = accepted("b");
  refused.accepted = false;
  record.add(refused);
  EXPECT_EQ(record.counts().duplicates, 1U);
  EXPECT_EQ(record.counts().refused, 1U);
  EXPECT_EQ(record.counts().accepted, 4U);
}

TEST(recording, does_not_run_fields_together) {
  recording record;
  record.add(accepted("ab", "c"));
  record.add(accepted("a", "bc"));
  EXPECT_EQ(record.counts().duplicates, 0U);
}

TEST(recording, keeps_the_last_calls_only) {
  recording record;
  for (std::size_t i = 0; i < recording::most_kept + 5; ++i)
    record.add(accepted(std::to_string(i)));
  EXPECT_EQ(record.calls().size(), recording::most_kept);
  EXPECT_EQ(record.calls().front().number, 6U);
}

TEST(recording, keeps_nothing_but_counts_under_load) {
  recording record;
  record.set_keep(false);
  for (int i = 0; i < 100; ++i)
    record.add(accepted(std::to_string(i)));
  EXPECT_TRUE(record.calls().empty());
  EXPECT_EQ(record.counts().accepted, 100U);
}

TEST(time_histogram, is_off_by_an_eighth_at_most) {
  for (const std::int64_t value : {1, 7, 8, 9, 100, 1000, 123456, 99999999}) {
    time_histogram times;
    times.add(value);
    times.add(10 * value);
    const auto half = times.quantile(0.5);
    EXPECT_GE(half, value);
    EXPECT_LE(half, value + value / 8 + 1);
    EXPECT_EQ(times.longest(), 10 * value);
  }
}

TEST(time_histogram, tells_the_slow_share) {
  time_histogram times;
  for (int i = 0; i < 990; ++i)
    times.add(100);
  for (int i = 0; i < 10; ++i)
    times.add(100000);
  EXPECT_LT(times.quantile(0.99), 120);
  EXPECT_GT(times.quantile(0.995), 99999);
  EXPECT_EQ(time_histogram{}.quantile(0.5), 0);
}

using observed = sandbox_case;

TEST_F(observed, never_holds_a_token) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  post("/me/messages?access_token=EAApage", message_to(who, "x"), "");
  const auto& one = world.record().calls().back();
  EXPECT_EQ(one.path, "/me/messages");
  EXPECT_EQ(one.recipient, who);
  EXPECT_EQ(one.metadata, "out-1");
  EXPECT_EQ(one.account_id, page);
}

TEST_F(observed, measures_from_question_to_first_answer) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  arrival_us += 5000;
  const auto path = "/v25.0/" + std::string{page} + "/messages";
  post(path, message_to(who, "x"), "EAApage");
  arrival_us += 900000;
  post(path, message_to(who, "y"), "EAApage");
  EXPECT_EQ(world.record().answer_times().count(), 1U);
  EXPECT_EQ(world.record().answer_times().longest(), 5001);
  const auto about = writes(channel_kind::page_comments, "How much?");
  arrival_us += 7000;
  post("/v25.0/" + about.id + "/comments", R"({"message":"499"})", "EAApage");
  EXPECT_EQ(world.record().answer_times().longest(), 7001);
}

} // namespace

} // namespace assistly::sandbox
