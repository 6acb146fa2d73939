/// Commands while the server comes or goes.
#include "tests/crash/scene.hpp"

#include <algorithm>

namespace assistly::tests {
namespace {

TEST(command, waits_for_a_server_that_is_ending) {
  server_scene scene{false};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  ::kill(scene.app.pid(), SIGTERM);
  // Still draining, or just gone: the command does not care.
  EXPECT_NE(scene.app.run("conversation list --tenant corner-shop")
              .find("\"conversations\""),
            std::string::npos);
  scene.app.end(SIGTERM);
}

TEST(command, check_makes_nothing_where_nothing_is) {
  server_scene scene{false};
  auto checked = scene.app.run("check");
  EXPECT_NE(checked.find("no database yet"), std::string::npos) << checked;
  EXPECT_FALSE(std::filesystem::exists(scene.folder.path() / "var"));
}

TEST(command, check_is_the_same_with_the_server_up_and_down) {
  server_scene scene{false};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  auto ledger = scene.folder.path() / "var" / "ledger";
  auto deep = scene.app.run("check --deep");
  EXPECT_NE(deep.find("sealed values were opened"), std::string::npos) << deep;
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  EXPECT_EQ(scene.app.run("check --deep"), deep);
  std::filesystem::remove(ledger);
  auto up = scene.app.run("check");
  EXPECT_NE(up.find("is missing"), std::string::npos) << up;
  scene.app.end(SIGTERM);
  EXPECT_EQ(scene.app.run("check"), up);
  EXPECT_FALSE(std::filesystem::exists(ledger));
  EXPECT_EQ(scene.app.run("conversation list --tenant corner-shop"), "")
    << "nothing starts without its ledger";
  EXPECT_FALSE(std::filesystem::exists(ledger));
}

TEST(command, prints_one_document_for_several_files) {
  server_scene scene{false};
  auto file = (scene.folder.path() / "shop.toml").string();
  EXPECT_TRUE(scene.app.run("apply " + file).starts_with("{"));
  auto both = scene.app.run("apply " + file + " " + file);
  EXPECT_TRUE(both.starts_with("[{")) << both;
  EXPECT_TRUE(both.ends_with("}]\n"));
  std::ofstream{file, std::ios::app} << "# \xff\n";
  EXPECT_EQ(scene.app.run("apply " + file), "") << "not in UTF-8";
}

/// Whether the process has a connection open: it was handed on, and waits.
bool is_connected(pid_t pid) {
  std::error_code gone;
  std::filesystem::directory_iterator open{
    "/proc/" + std::to_string(pid) + "/fd", gone};
  return std::any_of(begin(open), end(open), [](const auto& entry) {
    std::error_code closed;
    return std::filesystem::read_symlink(entry, closed)
      .string()
      .starts_with("socket:");
  });
}

TEST(command, that_waits_for_a_server_ends_on_a_signal) {
  server_scene scene{false};
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  ::kill(scene.app.pid(), SIGSTOP);
  for (int signal : {SIGINT, SIGTERM}) {
    program waiting{scene.folder.path(), false};
    waiting.start({"export", "--tenant", "corner-shop", "--to", "copy"});
    for (int i = 0; i < 1'000 && !is_connected(waiting.pid()); ++i)
      wait_a_little(10);
    EXPECT_TRUE(is_connected(waiting.pid()));
    int status = waiting.end(signal);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
  }
  ::kill(scene.app.pid(), SIGCONT);
  scene.app.end(SIGTERM);
}

} // namespace
} // namespace assistly::tests
