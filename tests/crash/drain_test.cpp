/// RELIABILITY P13: SIGTERM under load.
#include "tests/crash/scene.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace assistly::tests {
namespace {

TEST(drain, P13_a_stop_under_load_refuses_nothing_it_has_taken) {
  server_scene scene{false};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  std::atomic<bool> stop{false};
  std::atomic<int> refused{0};
  std::atomic<int> acknowledged{0};
  std::vector<std::thread> senders;
  for (int s = 0; s < 8; ++s)
    senders.emplace_back([&, s] {
      for (int n = 0; !stop.load(); ++n) {
        auto id = std::to_string(s * 1'000'000 + n);
        int status =
          scene.post(message_body("9" + id, "m_" + id, "when are you open?"));
        // 0: nobody answered, as of a server that is gone; Meta sends it again.
        if (status == 200)
          ++acknowledged;
        else if (status != 0)
          ++refused;
        else
          wait_a_little(5);
      }
    });
  while (acknowledged.load() < 200)
    wait_a_little(5);
  auto start = std::chrono::steady_clock::now();
  scene.app.end(SIGTERM);
  auto took = std::chrono::steady_clock::now() - start;
  stop.store(true);
  for (auto& sender : senders)
    sender.join();
  std::printf("acked %d, refused %d, ended after %.2f s\n", acknowledged.load(),
              refused.load(), std::chrono::duration<double>(took).count());
  EXPECT_EQ(refused.load(), 0);
  // Not how fast it is, but what an operator's init system is told to wait.
  EXPECT_LT(took, std::chrono::seconds{20});

  auto to = (scene.folder.path() / "copy").string();
  scene.app.run("export --tenant corner-shop --to " + to);
  std::ifstream messages{to + "/messages.jsonl"};
  std::string line;
  int kept = 0;
  while (std::getline(messages, line))
    kept += line.find("\"author\":\"customer\"") != std::string::npos;
  EXPECT_GE(kept, acknowledged.load());
}

} // namespace
} // namespace assistly::tests
