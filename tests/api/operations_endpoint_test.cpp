#include "tests/api/edge_case.hpp"

namespace assistly::api {
namespace {

class operations : public fakes::edge_case {};

std::string retry_after(const http::response& r) {
  for (const auto& [name, value] : r.headers)
    if (name == "Retry-After")
      return value;
  return {};
}

TEST_F(operations, tell_that_the_server_is_live_and_ready) {
  EXPECT_EQ(watch("/healthz").status, 200);
  EXPECT_EQ(watch("/readyz").status, 200);
  EXPECT_EQ(watch("/readyz", "HEAD").status, 200);
  EXPECT_NE(watch("/metrics").body.find("assistly_webhook_seconds_count 0"),
            std::string::npos);
}

TEST_F(operations, are_not_ready_before_the_start_and_after_the_end) {
  edge_case::operations->set_serving(false);
  auto answer = watch("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("starting or stopping"), std::string::npos);
  EXPECT_EQ(watch("/healthz").status, 200);
}

TEST_F(operations, are_not_ready_while_the_disk_is_full) {
  fill_the_disk();
  for (int i = 0; i < 3; ++i) {
    auto answer = watch("/readyz");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(retry_after(answer), "5");
    EXPECT_NE(answer.body.find("The disk is full"), std::string::npos)
      << answer.body;
  }
  EXPECT_EQ(watch("/healthz").status, 200);
}

TEST_F(operations, are_ready_again_when_there_is_room_though_nothing_comes_in) {
  fill_the_disk();
  ASSERT_EQ(watch("/readyz").status, 503);
  make_room();
  EXPECT_EQ(watch("/readyz").status, 200);
}

TEST_F(operations, are_ready_again_after_the_first_webhook_that_was_kept) {
  fill_the_disk();
  make_room();
  EXPECT_EQ(write(20'000), 200);
  EXPECT_EQ(node.writer->trouble(), errc::none);
  EXPECT_EQ(watch("/readyz").status, 200);
}

TEST_F(operations, know_get_and_head_alone) {
  for (const char* path : {"/healthz", "/readyz", "/metrics"})
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
      auto answer = watch(path, method);
      EXPECT_EQ(answer.status, 405) << method << " " << path;
      ASSERT_FALSE(answer.headers.empty());
      EXPECT_EQ(answer.headers.front(),
                (std::pair<std::string, std::string>{"Allow", "GET, HEAD"}));
    }
  EXPECT_EQ(watch("/elsewhere", "POST").status, 404);
}

} // namespace
} // namespace assistly::api
