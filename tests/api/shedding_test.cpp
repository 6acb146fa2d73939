/// What is not done while storage is slow, where it acts: in its order, with
/// the inbox last.
#include "api/run_command.hpp"
#include "tests/api/edge_case.hpp"

namespace assistly::api {
namespace {

class shedding : public fakes::edge_case {
protected:
  shedding() {
    services.pressure = &pressure_;
  }

  /// Commits that take so long, from now on.
  void slow(milliseconds commit) {
    node.clock.advance(latency_window::length);
    for (int i = 0; i < 3; ++i)
      pressure_.end(commit, node.clock.now());
  }

  outcome<std::string> list() {
    access a{settings_,  *node.database, *node.writer, *node.reader, *node.book,
             node.clock, node.random,    nullptr,      &services};
    return run_command(a, {"conversation-list", {{"tenant", "acme"}}});
  }

  std::uint64_t shed(shed_work what) {
    return metrics.shed_total.at(what).value();
  }

  actors::commit_pressure pressure_;
  config::settings settings_ = config::default_settings();
};

TEST_F(shedding, of_reads_comes_first_and_of_the_inbox_last) {
  EXPECT_TRUE(webhooks->accepting());
  EXPECT_TRUE(list());
  slow(milliseconds{400});
  EXPECT_FALSE(list());
  EXPECT_EQ(list().error().code, errc::busy);
  EXPECT_TRUE(webhooks->accepting());
  slow(milliseconds{1'500});
  EXPECT_TRUE(webhooks->accepting()) << "p99 of 2 s is not above it";
  EXPECT_EQ(shed(shed_work::inbox), 0u);
  slow(seconds{3});
  EXPECT_FALSE(webhooks->accepting());
  EXPECT_EQ(shed(shed_work::inbox), 1u) << "what is shed is counted";
  EXPECT_EQ(shed(shed_work::read), 2u);
}

TEST_F(shedding, leaves_what_changes_something_alone) {
  slow(milliseconds{400});
  access a{settings_,  *node.database, *node.writer, *node.reader, *node.book,
           node.clock, node.random,    nullptr,      &services};
  auto told = run_command(a, {"dead-letter-replay", {{"tenant", "acme"}}});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::invalid) << "it was looked at";
}

TEST_F(shedding, begins_while_a_commit_does_not_end) {
  pressure_.begin(node.clock.now());
  node.clock.advance(milliseconds{1'900});
  EXPECT_TRUE(webhooks->accepting());
  node.clock.advance(milliseconds{200});
  EXPECT_FALSE(webhooks->accepting());
  pressure_.end(milliseconds{2'100}, node.clock.now());
  pressure_.begin(node.clock.now());
  pressure_.end(milliseconds{1}, node.clock.now());
  EXPECT_TRUE(webhooks->accepting()) << "one long one among others";
}

TEST_F(shedding, ends_by_itself_when_nothing_is_committed_any_more) {
  slow(seconds{3});
  EXPECT_FALSE(webhooks->accepting());
  node.clock.advance(latency_window::length);
  EXPECT_TRUE(webhooks->accepting());
  EXPECT_TRUE(list());
}

TEST_F(shedding, control_without_a_measure_nothing_is_shed) {
  slow(seconds{30});
  services.pressure = nullptr;
  EXPECT_TRUE(webhooks->accepting());
  EXPECT_TRUE(list());
}

} // namespace
} // namespace assistly::api
