/// A full disk, as the program sees it: its files may not grow any more.
#include "protocol/json/fields.hpp"
#include "tests/crash/scene.hpp"

#include <sys/resource.h>

namespace assistly::tests {
namespace {

/// The largest file the process may write, in bytes.
void limit_files(pid_t process, rlim_t bytes) {
  rlimit now{};
  ASSERT_EQ(::prlimit(process, RLIMIT_FSIZE, nullptr, &now), 0);
  now.rlim_cur = std::min<rlim_t>(bytes, now.rlim_max);
  ASSERT_EQ(::prlimit(process, RLIMIT_FSIZE, &now, nullptr), 0);
}

std::string body_of(int n, std::size_t length) {
  auto id = std::to_string(n);
  return message_body("9" + id, "m_" + id, std::string(length, 'x'));
}

TEST(disk_full, is_over_for_who_asks_though_nothing_comes_in) {
  server_scene scene{false};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  limit_files(scene.app.pid(), 0);
  EXPECT_EQ(scene.post(body_of(1, 100)), 503);
  EXPECT_EQ(scene.get("/readyz").status, 503);
  limit_files(scene.app.pid(), RLIM_INFINITY);
  EXPECT_TRUE(scene.wait_ready());
  scene.app.end(SIGTERM);
}

TEST(disk_full, is_told_to_meta_loses_nothing_and_mends_itself) {
  server_scene scene{false};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  std::set<std::string> acked;
  ASSERT_EQ(scene.post(body_of(1, 100)), 200);
  acked.insert("m_1");
  limit_files(scene.app.pid(), 400'000);
  int refused = 0;
  int n = 2;
  for (; refused < 3 && n < 2'000; ++n) {
    auto status = scene.post(body_of(n, 2'000));
    if (status == 200)
      acked.insert("m_" + std::to_string(n));
    else
      ++refused;
    EXPECT_TRUE(status == 200 || status == 503) << status;
  }
  EXPECT_EQ(refused, 3) << "the disk never was full";
  // Not another byte, lest a checkpoint makes room in the log meanwhile.
  limit_files(scene.app.pid(), 0);
  EXPECT_EQ(scene.post(body_of(n, 100)), 503);
  auto ready = scene.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("The disk is full"), std::string::npos)
    << ready.body;
  auto checked = scene.app.run("check");
  EXPECT_NE(checked.find(R"("state":"fail","what":"the disk is full)"),
            std::string::npos)
    << checked;
  EXPECT_NE(checked.find("make room on the disk"), std::string::npos);
  limit_files(scene.app.pid(), RLIM_INFINITY);
  // Nobody restarts it.
  int mended = 0;
  for (int i = 0; i < 200 && mended != 200; ++i) {
    mended = scene.post(body_of(5'000, 100));
    if (mended != 200)
      wait_a_little(50);
  }
  EXPECT_EQ(mended, 200);
  EXPECT_EQ(scene.get("/readyz").status, 200);
  EXPECT_EQ(scene.app.run("check").find(R"("state":"fail","what":"the disk)"),
            std::string::npos);
  acked.insert("m_5000");
  scene.settle();
  scene.app.end(SIGTERM);
  auto to = (scene.folder.path() / "copy").string();
  scene.app.run("export --tenant corner-shop --to " + to);
  std::ifstream messages{to + "/messages.jsonl"};
  std::map<std::string, int> kept;
  for (std::string line; std::getline(messages, line);) {
    json::json_fields f;
    if (f.add_json(line) && f.text("author") == "customer")
      ++kept[std::string{f.text("external_id")}];
  }
  for (const auto& id : acked)
    EXPECT_EQ(kept[id], 1) << id;
  EXPECT_EQ(scene.app.broken_rules(), 0);
}

} // namespace
} // namespace assistly::tests
