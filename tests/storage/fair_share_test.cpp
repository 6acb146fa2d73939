/// RELIABILITY P11: one business with a hundred times the load of another does
/// not make the other wait behind it.
#include "tests/storage/storage_node.hpp"

#include <algorithm>
#include <future>
#include <vector>

namespace assistly::storage {
namespace {

using fakes::storage_node;

constexpr tenant_id busy{1};
constexpr tenant_id quiet{2};

/// Behind a writer that is held up, `load` units of the busy business queue,
/// and one of the quiet one's behind each hundredth. The place of the quiet
/// one's last in the order in which they were carried out, and how many there
/// were.
struct served {
  std::size_t last_of_quiet = 0;
  std::size_t all = 0;
};

served serve(bool fair, std::size_t load) {
  storage_node node;
  std::promise<void> held;
  std::promise<void> free;
  node.writer->submit(
    [&, go = free.get_future().share()](work&) {
      held.set_value();
      go.get();
    },
    {});
  held.get_future().get();
  std::vector<tenant_id> order;
  auto submit = [&](tenant_id of) {
    node.writer->submit_for(
      fair ? of : tenant_id{}, [](work&) { return true; },
      [&order, of](const outcome<bool>&) { order.push_back(of); });
  };
  for (std::size_t i = 1; i <= load; ++i) {
    submit(busy);
    if (i % 100 == 0)
      submit(quiet);
  }
  free.set_value();
  node.writer->stop();
  auto last = std::find(order.rbegin(), order.rend(), quiet);
  return {static_cast<std::size_t>(order.rend() - last), order.size()};
}

TEST(fair_share, P11_a_quiet_business_does_not_wait_behind_a_busy_one) {
  auto r = serve(true, 10'000);
  EXPECT_EQ(r.all, 10'100u);
  EXPECT_LE(r.last_of_quiet, 2u * 100u + 16u)
    << "as many of the other's as of its own, but for a turn";
}

TEST(fair_share, P11_control_in_one_line_it_waits_for_all_of_it) {
  auto r = serve(false, 10'000);
  EXPECT_EQ(r.all, 10'100u);
  EXPECT_EQ(r.last_of_quiet, r.all);
}

TEST(fair_share, keeps_the_order_within_a_business) {
  storage_node node;
  std::vector<int> order;
  for (int i = 0; i < 500; ++i)
    node.writer->submit_for(
      busy, [](work&) { return true; },
      [&order, i](const outcome<bool>&) { order.push_back(i); });
  node.writer->stop();
  ASSERT_EQ(order.size(), 500u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

} // namespace
} // namespace assistly::storage
