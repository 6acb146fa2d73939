#include "api/inbox.hpp"
#include "protocol/json/fields.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <set>

namespace assistly::api {
namespace {

class conversation_list : public testing::Test {
protected:
  conversation_list() {
    for (int i = 0; i < 7; ++i) {
      auto n = std::to_string(i);
      ids_.push_back(
        to_string(node_.hear(fakes::message("Hello", "m_" + n, "customer-" + n))
                    .now->id));
      node_.clock.advance(seconds{1});
    }
  }

  json::json_fields page(const std::string& limit, std::string_view after) {
    auto told = run_command(
      access_,
      {"conversation-list",
       {{"tenant", "acme"}, {"limit", limit}, {"after", std::string{after}}}});
    json::json_fields f;
    EXPECT_TRUE(told && f.add_json(*told));
    return f;
  }

  fakes::storage_node node_;
  std::vector<std::string> ids_;
  config::settings settings_ = config::default_settings();
  access access_{settings_,   *node_.database, *node_.writer, *node_.reader,
                 *node_.book, node_.clock,     node_.random,  nullptr};
};

TEST_F(conversation_list, shows_each_once_over_its_pages_the_latest_first) {
  std::vector<std::string> seen;
  std::string after;
  for (int pages = 0; pages < 3; ++pages) {
    auto f = page("3", after);
    for (const auto& c : f.objects_of("conversations"))
      seen.emplace_back(c.text("id"));
    after = f.text("next");
    EXPECT_EQ(after.empty(), pages == 2);
  }
  EXPECT_EQ(seen, std::vector<std::string>(ids_.rbegin(), ids_.rend()));
}

TEST_F(conversation_list, ends_with_a_page_that_is_just_full) {
  EXPECT_TRUE(page("7", {}).text("next").empty());
}

TEST_F(conversation_list, passes_over_what_is_being_erased) {
  node_.write([&](storage::work& w) {
    w.keys.destroy(
      storage::name_of(node_.tenant, conversation_id{*parse_uuid(ids_[5])}));
  });
  auto f = page("2", {});
  auto all = f.objects_of("conversations");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].text("id"), ids_[6]);
  EXPECT_EQ(all[1].text("id"), ids_[4]);
  EXPECT_FALSE(f.text("next").empty());
}

TEST_F(conversation_list, refuses_limits_and_places_that_are_none) {
  for (const auto& [name, value] :
       {std::pair{"limit", "0"}, std::pair{"limit", "1001"},
        std::pair{"limit", "ten"}, std::pair{"after", "nonsense"},
        std::pair{"after", "12-34"}}) {
    auto told = run_command(
      access_, {"conversation-list", {{"tenant", "acme"}, {name, value}}});
    ASSERT_FALSE(told) << value;
    EXPECT_EQ(told.error().code, errc::invalid) << value;
  }
}

} // namespace
} // namespace assistly::api
