/// RELIABILITY P14: a backup under load, the loss of the data, and a restore.
#include "protocol/json/fields.hpp"
#include "tests/crash/scene.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace assistly::tests {
namespace {

struct restored_run {
  std::size_t answered_before = 0;
  std::size_t answered_twice = 0;
  std::string restore; ///< what the command printed
};

/// A database as it was in the middle of the load is put back after its end, by
/// the command or, for the control, by hand.
restored_run lose_everything_after_a_backup(bool by_hand) {
  restored_run result;
  server_scene scene{false};
  auto file = [&](const std::string& name) {
    return scene.folder.path() / name;
  };
  scene.app.run("apply " + file("shop.toml").string());
  scene.app.start();
  EXPECT_TRUE(scene.wait_ready());
  std::atomic<bool> stop{false};
  std::vector<std::thread> senders;
  for (int s = 0; s < 4; ++s)
    senders.emplace_back([&, s] { scene.send_until(stop, s); });
  wait_a_little(400);
  auto backup = scene.app.run("backup --to " + file("copy").string());
  EXPECT_NE(backup.find("\"bytes\""), std::string::npos) << backup;
  wait_a_little(400);
  stop.store(true);
  for (auto& sender : senders)
    sender.join();
  scene.settle();
  // Answers that are on their way arrive.
  wait_a_little(500);
  scene.app.end(SIGKILL);
  result.answered_before = scene.sent.by_recipient().size();
  auto database = file("var/assistly.db");
  for (const auto* end : {"", "-wal", "-shm"})
    std::filesystem::remove(database.string() + end);
  if (by_hand)
    std::filesystem::copy_file(file("copy"), database);
  else
    result.restore = scene.app.run("restore --from " + file("copy").string());
  scene.app.start();
  EXPECT_TRUE(scene.wait_ready());
  scene.settle();
  wait_a_little(1'000);
  scene.app.end(SIGTERM);
  for (const auto& [who, count] : scene.sent.by_recipient())
    result.answered_twice += count > 1;
  return result;
}

TEST(restore, P14_sends_nothing_twice) {
  auto r = lose_everything_after_a_backup(false);
  std::printf("answered before %zu, answered twice %zu; %s", r.answered_before,
              r.answered_twice, r.restore.c_str());
  EXPECT_GT(r.answered_before, 0u);
  EXPECT_EQ(r.answered_twice, 0u);
  json::json_fields f;
  ASSERT_TRUE(f.add_json(r.restore)) << r.restore;
  EXPECT_GT(f.number("conversations_to_people").value_or(0), 0)
    << "nothing was owed when the backup was taken, so nothing was shown";
}

TEST(restore, P14_control_a_copy_put_back_by_hand_answers_twice) {
  auto r = lose_everything_after_a_backup(true);
  std::printf("answered before %zu, answered twice %zu\n", r.answered_before,
              r.answered_twice);
  EXPECT_GT(r.answered_twice, 0u);
}

} // namespace
} // namespace assistly::tests
