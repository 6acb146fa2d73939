#include "storage/fair_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assistly::storage {
namespace {

int alive = 0;

struct item {
  item(std::int64_t of, int n) : tenant(of), number(n) {
    ++alive;
  }

  ~item() {
    --alive;
  }

  item(const item&) = delete;
  item& operator=(const item&) = delete;

  tenant_id share() const {
    return tenant_id{tenant};
  }

  std::int64_t tenant;
  int number;
  item* next = nullptr;
};

void push(fair_queue<item>& q, std::int64_t tenant, int count, int from = 0) {
  for (int i = 0; i < count; ++i)
    q.push(std::make_unique<item>(tenant, from + i));
}

std::string take(fair_queue<item>& q, std::size_t most, std::size_t quantum) {
  std::string all;
  for (std::size_t i = 0; i < most; ++i)
    if (auto one = q.pop(quantum))
      all +=
        std::to_string(one->tenant) + "." + std::to_string(one->number) + " ";
  return all;
}

TEST(fair_queue, gives_each_business_its_turn_in_its_own_order) {
  fair_queue<item> q;
  push(q, 1, 5);
  push(q, 2, 2);
  push(q, 3, 1);
  EXPECT_EQ(q.size(), 8u);
  EXPECT_EQ(take(q, 9, 1), "1.0 2.0 3.0 1.1 2.1 1.2 1.3 1.4 ");
  EXPECT_TRUE(q.empty());
}

TEST(fair_queue, lets_a_business_keep_its_turn_for_a_quantum) {
  fair_queue<item> q;
  push(q, 1, 5);
  push(q, 2, 3);
  EXPECT_EQ(take(q, 8, 2), "1.0 1.1 2.0 2.1 1.2 1.3 2.2 1.4 ");
}

TEST(fair_queue, serves_who_comes_late_behind_one_turn_of_the_others) {
  fair_queue<item> q;
  push(q, 1, 4'000);
  take(q, 3, 8);
  push(q, 2, 1);
  auto next = take(q, 6, 8);
  EXPECT_TRUE(next.ends_with("2.0 ")) << next;
}

TEST(fair_queue, takes_up_a_line_that_had_run_dry) {
  fair_queue<item> q;
  for (int round = 0; round < 3; ++round) {
    push(q, 1, 1, round);
    push(q, 2, 1, round);
    auto n = std::to_string(round);
    EXPECT_EQ(take(q, 3, 1), "1." + n + " 2." + n + " ");
  }
}

TEST(fair_queue, drops_what_waits_with_itself) {
  {
    fair_queue<item> q;
    push(q, 1, 100'000);
    push(q, 2, 3);
    EXPECT_EQ(alive, 100'003);
  }
  EXPECT_EQ(alive, 0);
}

} // namespace
} // namespace assistly::storage
