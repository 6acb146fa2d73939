/// Erased means gone from every file the program has, its log included.
#include "protocol/json/fields.hpp"
#include "tests/crash/scene.hpp"

#include <iterator>

namespace assistly::tests {
namespace {

/// Words that stand nowhere but in what the customer wrote. They are a question
/// the business can answer, so that they go the whole way.
const std::string canary = "zanzibar-canary-4711 when are you open?";

std::string files_with(const std::filesystem::path& folder,
                       const std::string& text) {
  std::string found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file())
      continue;
    std::ifstream in{entry.path(), std::ios::binary};
    std::string all{std::istreambuf_iterator<char>{in}, {}};
    if (all.find(text) != std::string::npos)
      found += entry.path().filename().string() + " ";
  }
  return found;
}

TEST(erasure, leaves_no_word_in_any_file_and_a_receipt_that_verifies) {
  server_scene scene{false};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  ASSERT_EQ(scene.post(message_body("900", "m_900", canary)), 200);
  ASSERT_TRUE(scene.sent.wait_for(1, seconds{10}));
  scene.settle();
  EXPECT_EQ(files_with(scene.folder.path(), "zanzibar"), "")
    << "sealed from the first moment";
  // The control of the sweep: in the open it is found.
  auto copy = (scene.folder.path() / "copy").string();
  scene.app.run("export --tenant corner-shop --to " + copy);
  EXPECT_NE(files_with(scene.folder.path(), "zanzibar"), "");
  std::filesystem::remove_all(copy);

  json::json_fields list;
  ASSERT_TRUE(
    list.add_json(scene.app.run("conversation list --tenant corner-shop")));
  auto id = std::string{list.text("conversations.0.id")};
  ASSERT_FALSE(id.empty());
  auto receipt =
    scene.app.run("erase --tenant corner-shop --conversation " + id);
  auto file = scene.folder.path() / "receipt.json";
  std::ofstream{file} << receipt;
  EXPECT_NE(scene.app.run("verify-receipt " + file.string()).find("true"),
            std::string::npos)
    << receipt;
  EXPECT_EQ(files_with(scene.folder.path(), "zanzibar"), "");
  scene.app.end(SIGTERM);
  EXPECT_EQ(files_with(scene.folder.path(), "zanzibar"), "");
  EXPECT_EQ(scene.app.broken_rules(), 0);
}

} // namespace
} // namespace assistly::tests
