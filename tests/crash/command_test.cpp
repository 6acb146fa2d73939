/// Commands while the server comes or goes.
#include "tests/crash/scene.hpp"

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

} // namespace
} // namespace assistly::tests
