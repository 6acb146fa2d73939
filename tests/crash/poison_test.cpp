/// RELIABILITY P9: a message that ends the process hurts only itself.
#include "protocol/json/fields.hpp"
#include "storage/sql/sqlite.hpp"
#include "tests/crash/scene.hpp"

#include <gtest/gtest.h>

namespace assistly::tests {
namespace {

const std::string poison = "poison of the process";
constexpr int most_starts = 6;

/// Set for the programs that are started while it lives.
class environment {
public:
  environment(const char* name, const char* value) : name_(name) {
    ::setenv(name, value, 1);
  }

  ~environment() {
    ::unsetenv(name_);
  }

  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

private:
  const char* name_;
};

class poison_scene : public server_scene {
public:
  poison_scene() : server_scene(false) {
    app.run("apply " + (folder.path() / "shop.toml").string());
  }

  /// Starts it as an init system would; true if it died again.
  bool start_and_die() {
    app.start();
    for (int i = 0; i < 300 && !app.gone(); ++i)
      wait_a_little(10);
    return app.gone();
  }

  /// The back-off between tries is not waited for.
  void make_due() {
    auto file = folder.path() / "var" / "assistly.db";
    sql::open_sqlite(file.string(), {})
      ->execute("UPDATE journal SET next_try_at = 0");
  }

  /// After the first death, started anew until it lives, or too often; how
  /// often it died.
  int die_until_it_lives() {
    int deaths = 1;
    while (deaths <= most_starts && start_and_die()) {
      ++deaths;
      app.end(SIGKILL);
      make_due();
    }
    return deaths;
  }

  json::json_fields list() {
    json::json_fields f;
    f.add_json(app.run("dead-letter list --tenant corner-shop"));
    return f;
  }

  bool answered(const std::string& who) {
    for (int i = 0; i < 1'000; ++i) {
      if (sent.by_recipient().contains(who))
        return true;
      wait_a_little(10);
    }
    return false;
  }

  /// Five customers, of whom each gets an answer.
  void others_ask(const std::string& first_digit) {
    for (int i = 0; i < 5; ++i) {
      auto who = first_digit + std::to_string(i);
      ASSERT_EQ(post(message_body(who, "m_" + who, "when are you open?")), 200);
    }
    for (int i = 0; i < 5; ++i)
      EXPECT_TRUE(answered(first_digit + std::to_string(i))) << i;
  }

  /// The poison after others; the process dies of it, some starts long. Theirs
  /// are answered by then: what is on its way at a death is in doubt, and that
  /// is another promise (P4).
  void poison_it(const std::string& words = poison) {
    app.start();
    ASSERT_TRUE(wait_ready());
    others_ask("5");
    post(message_body("66", "m_poison", words));
    for (int i = 0; i < 500 && !app.gone(); ++i)
      wait_a_little(10);
    ASSERT_TRUE(app.gone());
    app.end(SIGKILL);
  }
};

TEST(poison, P9_a_message_that_ends_the_process_is_given_up_and_tried_again) {
  poison_scene scene;
  {
    environment fault{"ASSISTLY_FAULT_ABORT_ON", poison.c_str()};
    scene.poison_it();
    int deaths = scene.die_until_it_lives();
    EXPECT_EQ(deaths, 5);
    ASSERT_TRUE(scene.wait_ready());
    scene.others_ask("7");
    auto letters = scene.list().objects_of("dead_letters");
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0].text("reason"), "died");
    EXPECT_EQ(letters[0].number("tries"), 5);
    EXPECT_NE(scene.app.run("check").find("given up"), std::string::npos);
    EXPECT_NE(scene.get("/metrics").body.find("\nassistly_dead_letters 1\n"),
              std::string::npos);
    scene.app.end(SIGTERM);
  }
  // The program is mended.
  scene.app.start();
  ASSERT_TRUE(scene.wait_ready());
  json::json_fields told;
  told.add_json(scene.app.run("dead-letter replay --tenant corner-shop --all"));
  EXPECT_EQ(told.number("replayed"), 1);
  scene.settle();
  EXPECT_TRUE(scene.list().objects_of("dead_letters").empty());
  scene.app.end(SIGTERM);
  EXPECT_EQ(scene.app.broken_rules(), 0);
}

TEST(poison, P9_control_without_the_limit_the_process_dies_for_ever) {
  poison_scene scene;
  environment fault{"ASSISTLY_FAULT_ABORT_ON", poison.c_str()};
  environment control{"ASSISTLY_FAULT_TRY_FOR_EVER", "1"};
  scene.poison_it();
  int deaths = scene.die_until_it_lives();
  EXPECT_GT(deaths, 5);
  if (deaths <= most_starts)
    scene.app.end(SIGKILL);
}

TEST(poison, P9_a_question_that_ends_the_process_goes_to_people) {
  poison_scene scene;
  environment fault{"ASSISTLY_FAULT_ABORT_ON_ANSWER", poison.c_str()};
  scene.poison_it();
  int deaths = scene.die_until_it_lives();
  EXPECT_EQ(deaths, 3);
  ASSERT_TRUE(scene.wait_ready());
  scene.others_ask("7");
  EXPECT_TRUE(scene.answered("66")) << "it is told that people take over";
  json::json_fields all;
  all.add_json(scene.app.run("conversation list --tenant corner-shop"));
  int with_people = 0;
  for (const auto& c : all.objects_of("conversations"))
    with_people += c.text("mode") == "human";
  EXPECT_EQ(with_people, 1) << "and nobody else's";
  scene.app.end(SIGTERM);
  EXPECT_EQ(scene.app.broken_rules(), 0);
}

} // namespace
} // namespace assistly::tests
