/// RELIABILITY P8: the N-th write or sync of every thread fails, as on a disk
/// that is full for a moment or has a bad block.
#include "protocol/json/fields.hpp"
#include "tests/crash/scene.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace assistly::tests {
namespace {

struct disk_run {
  std::size_t acked = 0;
  std::size_t lost = 0;
  std::size_t doubled = 0;
  int violations = 0;
  int refused_starts = 0;
  int not_mended = 0; ///< no 200 within 10 s of the fault
};

void send_some(server_scene& scene, int round) {
  std::vector<std::thread> senders;
  for (int s = 0; s < 4; ++s)
    senders.emplace_back([&scene, round, s] {
      for (int n = 0; n < 25 && !scene.app.gone(); ++n) {
        auto id = std::to_string((round * 10 + s) * 100 + n);
        if (scene.post(message_body("9" + id, "m_" + id, "hello")) != 200)
          continue;
        std::lock_guard lock{scene.mutex};
        scene.acked.insert("m_" + id);
      }
    });
  for (auto& sender : senders)
    sender.join();
}

/// Nobody restarts it: it must take webhooks again by itself.
bool mends(server_scene& scene, int round) {
  auto id = std::to_string((round * 10 + 9) * 100);
  for (int i = 0; i < 200; ++i) {
    if (scene.post(message_body("9" + id, "m_" + id, "hello")) == 200) {
      scene.acked.insert("m_" + id);
      return true;
    }
    wait_a_little(50);
  }
  return false;
}

void count_kept(server_scene& scene, disk_run& result) {
  auto to = (scene.folder.path() / "copy").string();
  scene.app.run("export --tenant corner-shop --to " + to);
  std::map<std::string, int> kept;
  std::ifstream messages{to + "/messages.jsonl"};
  for (std::string line; std::getline(messages, line);) {
    json::json_fields f;
    if (f.add_json(line) && f.text("author") == "customer")
      ++kept[std::string{f.text("external_id")}];
  }
  result.acked = scene.acked.size();
  for (const auto& mid : scene.acked)
    result.lost += kept[mid] == 0;
  for (const auto& [mid, count] : kept)
    result.doubled += count > 1;
}

struct fault_plan {
  std::string call;
  std::string error;
  int first = 3;
  int step = 29;
  int rounds = 7;
  bool for_good = false; ///< every call from the N-th on
};

/// Each round is a start whose N-th call of that kind fails in every thread.
disk_run break_disk(const fault_plan& plan, bool early_ack) {
  disk_run result;
  server_scene scene{early_ack};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  for (int round = 0; round < plan.rounds; ++round) {
    auto nth = std::to_string(plan.first + round * plan.step)
               + (plan.for_good ? "+" : "");
    scene.app.under_strace(
      {"-o", "/dev/null", "-e", "trace=" + plan.call, "-e",
       "inject=" + plan.call + ":error=" + plan.error + ":when=" + nth});
    scene.app.start();
    if (!scene.wait_ready()) {
      // It may refuse to start on a broken disk, and must start on a whole one.
      ++result.refused_starts;
      scene.app.end(SIGKILL);
      continue;
    }
    send_some(scene, round);
    if (!plan.for_good)
      result.not_mended += !mends(scene, round);
    scene.app.end(SIGKILL);
    result.violations += scene.app.broken_rules();
  }
  scene.app.under_strace({});
  scene.app.start();
  EXPECT_TRUE(scene.wait_ready());
  scene.settle();
  scene.app.end(SIGTERM);
  count_kept(scene, result);
  std::printf("%s %s: %d rounds, acked %zu, lost %zu, doubled %zu, broken %d, "
              "not mended %d, starts refused %d\n",
              plan.call.c_str(), plan.error.c_str(), plan.rounds, result.acked,
              result.lost, result.doubled, result.violations, result.not_mended,
              result.refused_starts);
  return result;
}

/// Some of the 200 places, or all of them.
disk_run break_disk(const std::string& call, const std::string& error) {
  fault_plan plan;
  plan.call = call;
  plan.error = error;
  if (std::getenv("ASSISTLY_BROKEN_DISK_ALL")) {
    plan.first = 1;
    plan.step = 1;
    plan.rounds = 200;
  }
  return break_disk(plan, false);
}

void expect_nothing_lost(const disk_run& r) {
  EXPECT_GT(r.acked, 0u);
  EXPECT_EQ(r.lost, 0u);
  EXPECT_EQ(r.doubled, 0u);
  EXPECT_EQ(r.violations, 0);
  EXPECT_EQ(r.not_mended, 0);
}

TEST(broken_disk, P8_a_write_without_space_loses_nothing_acknowledged) {
  if (!may_trace())
    GTEST_SKIP() << "strace may not trace here";
  expect_nothing_lost(break_disk("pwrite64", "ENOSPC"));
}

TEST(broken_disk, P8_a_write_that_fails_loses_nothing_acknowledged) {
  if (!may_trace())
    GTEST_SKIP() << "strace may not trace here";
  expect_nothing_lost(break_disk("pwrite64", "EIO"));
}

TEST(broken_disk, P8_a_sync_that_fails_loses_nothing_acknowledged) {
  if (!may_trace())
    GTEST_SKIP() << "strace may not trace here";
  expect_nothing_lost(break_disk("fdatasync", "EIO"));
}

TEST(broken_disk, P8_control_a_server_that_says_200_too_early_is_seen_to_lose) {
  if (!may_trace())
    GTEST_SKIP() << "strace may not trace here";
  fault_plan plan;
  plan.call = "pwrite64";
  plan.error = "ENOSPC";
  plan.first = 150;
  plan.rounds = 1;
  plan.for_good = true;
  EXPECT_GT(break_disk(plan, true).lost, 0u);
}

} // namespace
} // namespace assistly::tests
