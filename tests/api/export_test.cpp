#include "api/export.hpp"
#include "storage/transactions/reply.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::api {
namespace {

class export_command : public testing::Test {
protected:
  outcome<std::string> copy(const std::string& person) {
    return export_tenant(
      access_,
      {"export",
       {{"tenant", "acme"}, {"person", person}, {"to", to_.string()}}});
  }

  fakes::storage_node node_;
  std::filesystem::path to_ = node_.folder.path() / "copy";
  config::settings settings_ = config::default_settings();
  access access_{settings_,   *node_.database, *node_.writer, *node_.reader,
                 *node_.book, node_.clock,     node_.random,  nullptr};
};

TEST_F(export_command, makes_no_copy_of_a_person_who_is_not_there) {
  auto nobody = to_string(make_uuid(node_.clock.now(), node_.random));
  auto told = copy(nobody);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::not_found);
  EXPECT_NE(told.error().text.find(nobody), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(to_));
}

TEST_F(export_command, copies_one_person_and_nobody_else) {
  auto c = *node_.hear(fakes::message("Hello", "m_1")).now;
  node_.hear(fakes::message("Hello", "m_2", "customer-2"));
  auto told = copy(to_string(c.person));
  ASSERT_TRUE(told) << told.error().text;
  auto persons = fakes::read_whole(to_ / "persons.jsonl");
  EXPECT_NE(persons.find(to_string(c.person)), std::string::npos);
  EXPECT_EQ(std::count(persons.begin(), persons.end(), '\n'), 1);
}

TEST_F(export_command, says_of_a_note_neither_direction_nor_state) {
  auto c = *node_.hear(fakes::message("Hello", "m_1")).now;
  node_.execute("UPDATE turn SET kind = "
                + std::to_string(static_cast<int>(turn_kind::note)));
  ASSERT_TRUE(copy(to_string(c.person)));
  auto lines = fakes::read_whole(to_ / "messages.jsonl");
  EXPECT_NE(lines.find(R"("kind":"note")"), std::string::npos);
  EXPECT_NE(lines.find(R"("direction":null)"), std::string::npos);
  EXPECT_NE(lines.find(R"("state":null)"), std::string::npos);
}

} // namespace
} // namespace assistly::api
