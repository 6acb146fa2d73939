#include "api/check.hpp"
#include "api/run_command.hpp"
#include "protocol/json/fields.hpp"
#include "storage/dead_letters.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <set>

namespace assistly::api {
namespace {

using fakes::message;

class dead_letter : public testing::Test {
protected:
  dead_letter() {
    for (int i = 0; i < 5; ++i)
      ids_.push_back(give_up("m_" + std::to_string(i)));
  }

  std::string give_up(const std::string& mid) {
    auto e = node_.offer(message("Ärger", mid, "customer-" + mid));
    node_.write([&](storage::work& w) {
      storage::bury(w, e.tenant, e.id, 5, dead_reason::failed);
    });
    return to_string(e.id);
  }

  outcome<std::string> run(const std::string& verb,
                           std::map<std::string, std::string> more) {
    more.emplace("tenant", "acme");
    return run_command(access_, {"dead-letter-" + verb, std::move(more)});
  }

  json::json_fields told(const std::string& verb,
                         std::map<std::string, std::string> more) {
    auto answer = run(verb, std::move(more));
    json::json_fields f;
    EXPECT_TRUE(answer && f.add_json(*answer));
    return f;
  }

  std::int64_t rows(const std::string& table) {
    return node_.number("SELECT count(*) FROM " + table);
  }

  fakes::storage_node node_;
  std::vector<std::string> ids_;
  config::settings settings_ = config::default_settings();
  access access_{settings_,   *node_.database, *node_.writer, *node_.reader,
                 *node_.book, node_.clock,     node_.random,  nullptr};
};

TEST_F(dead_letter, list_shows_each_once_over_its_pages_and_no_word_of_it) {
  std::vector<std::string> seen;
  std::string after;
  for (int pages = 0; pages < 3; ++pages) {
    auto f = told("list", {{"limit", "2"}, {"after", after}});
    for (const auto& d : f.objects_of("dead_letters")) {
      seen.emplace_back(d.text("id"));
      EXPECT_EQ(d.text("channel"), "messenger");
      EXPECT_EQ(d.text("reason"), "failed");
      EXPECT_EQ(d.number("tries"), 5);
      EXPECT_EQ(d.text("until"), storage::rfc3339(node_.clock.now() + days{8}));
    }
    after = f.text("next");
  }
  EXPECT_EQ(after, "") << "the last page names no next one";
  EXPECT_EQ(seen, ids_);
  EXPECT_EQ(run("list", {})->find("Ärger"), std::string::npos);
}

TEST_F(dead_letter, list_refuses_a_place_that_no_page_named) {
  EXPECT_EQ(run("list", {{"after", "x"}}).error().code, errc::invalid);
  EXPECT_EQ(run("list", {{"limit", "0"}}).error().code, errc::invalid);
}

TEST_F(dead_letter, replay_of_one_puts_it_back_and_leaves_the_others) {
  auto f = told("replay", {{"id", ids_[2]}});
  EXPECT_EQ(f.number("replayed"), 1);
  EXPECT_EQ(rows("journal"), 1);
  EXPECT_EQ(rows("dead_letter"), 4);
  auto again = run("replay", {{"id", ids_[2]}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::not_found);
}

TEST_F(dead_letter, replay_of_all_passes_by_what_cannot_be_read) {
  node_.execute("UPDATE dead_letter SET sealed = x'00' WHERE letter_id = "
                "(SELECT min(letter_id) FROM dead_letter)");
  auto f = told("replay", {{"all", "true"}});
  EXPECT_EQ(f.number("replayed"), 4);
  EXPECT_EQ(f.number("unreadable"), 1);
  EXPECT_EQ(rows("journal"), 4);
  auto one = run("replay", {{"id", ids_[0]}});
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, errc::unreadable);
}

TEST_F(dead_letter, replay_asks_for_one_or_all_and_not_for_both) {
  EXPECT_EQ(run("replay", {}).error().code, errc::invalid);
  EXPECT_EQ(run("replay", {{"all", "true"}, {"id", ids_[0]}}).error().code,
            errc::invalid);
  EXPECT_EQ(run("replay", {{"id", "x"}}).error().code, errc::invalid);
  EXPECT_EQ(run("bury", {}).error().code, errc::invalid);
  EXPECT_EQ(rows("dead_letter"), 5);
}

TEST_F(dead_letter, is_counted_by_check) {
  settings_.keys.file = node_.folder.path() / "keys";
  settings_.ledger.file = node_.ledger_file();
  checked c{settings_, *node_.database, *node_.reader};
  for (auto* look : {check, check_deep}) {
    auto answer = look(c);
    ASSERT_TRUE(answer) << answer.error().text;
    json::json_fields f;
    ASSERT_TRUE(f.add_json(*answer));
    EXPECT_EQ(f.number("dead_letters"), 5);
  }
}

} // namespace
} // namespace assistly::api
