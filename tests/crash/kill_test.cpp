/// RELIABILITY P1, P2 and P4: kill -9 at any moment, and count.
#include "protocol/json/fields.hpp"
#include "tests/crash/scene.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>

namespace assistly::tests {
namespace {

struct kill_run {
  std::size_t acked = 0;
  std::size_t lost = 0;    ///< acked, and not in the export
  std::size_t doubled = 0; ///< in the export more than once
  std::size_t twice_answered = 0;
  std::size_t silent = 0; ///< neither answered nor shown as open
  int violations = 0;     ///< of the invariants, over all kills
};

void count_export(server_scene& scene, kill_run& result) {
  auto to = (scene.folder.path() / "copy").string();
  scene.app.run("export --tenant corner-shop --to " + to);
  std::map<std::string, int> in;
  std::map<std::string, bool> open_or_answered;
  std::map<std::string, std::string> conversation_of;
  std::ifstream messages{to + "/messages.jsonl"};
  std::string line;
  while (std::getline(messages, line)) {
    json::json_fields f;
    if (!f.add_json(line))
      continue;
    std::string conversation{f.text("conversation_id")};
    if (f.text("direction") == "in" && f.text("author") == "customer") {
      std::string mid{f.text("external_id")};
      ++in[mid];
      conversation_of[mid] = conversation;
    } else if (f.text("direction") == "out") {
      open_or_answered[conversation] = true;
    }
  }
  std::ifstream conversations{to + "/conversations.jsonl"};
  while (std::getline(conversations, line)) {
    json::json_fields f;
    if (f.add_json(line) && f.flag("answer_owed").value_or(false))
      open_or_answered[std::string{f.text("id")}] = true;
  }
  result.acked = scene.acked.size();
  for (const auto& mid : scene.acked) {
    result.lost += in[mid] == 0;
    result.silent += in[mid] > 0 && !open_or_answered[conversation_of[mid]];
  }
  for (const auto& [mid, count] : in)
    result.doubled += count > 1;
  for (const auto& [who, count] : scene.sent.by_recipient())
    result.twice_answered += count > 1;
}

/// `until_loss` ends early, for the control.
kill_run run_kills(int kills, bool early_ack, bool until_loss) {
  kill_run result;
  server_scene scene{early_ack};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  std::mt19937 chance{20261124u};
  std::uniform_int_distribution<int> pause{100, 500};
  for (int i = 0; i < kills; ++i) {
    scene.app.start();
    EXPECT_TRUE(scene.wait_ready());
    std::atomic<bool> stop{false};
    std::vector<std::thread> senders;
    for (int s = 0; s < 8; ++s)
      senders.emplace_back(
        [&, s] { scene.send_until(stop, (i + 1) * 100 + s); });
    wait_a_little(pause(chance));
    scene.app.end(SIGKILL);
    stop.store(true);
    for (auto& sender : senders)
      sender.join();
    result.violations += scene.app.broken_rules();
    if (until_loss) {
      std::filesystem::remove_all(scene.folder.path() / "copy");
      kill_run so_far;
      count_export(scene, so_far);
      if (so_far.lost > 0)
        return so_far;
    }
  }
  scene.app.start();
  EXPECT_TRUE(scene.wait_ready());
  scene.settle();
  scene.app.end(SIGTERM);
  std::filesystem::remove_all(scene.folder.path() / "copy");
  count_export(scene, result);
  return result;
}

int kills_wanted() {
  const char* wanted = std::getenv("ASSISTLY_KILLS");
  return wanted ? std::atoi(wanted) : 5;
}

TEST(kill, P1_no_acknowledged_message_is_lost_or_answered_twice) {
  int kills = kills_wanted();
  auto r = run_kills(kills, false, false);
  std::printf("kills %d, acked %zu, lost %zu, doubled %zu, answered twice %zu, "
              "silent %zu, invariants broken %d\n",
              kills, r.acked, r.lost, r.doubled, r.twice_answered, r.silent,
              r.violations);
  EXPECT_GT(r.acked, 0u);
  EXPECT_EQ(r.lost, 0u);
  EXPECT_EQ(r.doubled, 0u);
  EXPECT_EQ(r.twice_answered, 0u);
  EXPECT_EQ(r.silent, 0u);
  EXPECT_EQ(r.violations, 0);
}

TEST(kill, P1_control_a_server_that_says_200_too_early_is_seen_to_lose) {
  auto r = run_kills(40, true, true);
  std::printf("acked %zu, lost %zu\n", r.acked, r.lost);
  EXPECT_GT(r.lost, 0u);
}

} // namespace
} // namespace assistly::tests
