#include "api/erase.hpp"
#include "api/inbox.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::api {
namespace {

using fakes::message;

class erase_command : public testing::Test {
protected:
  std::size_t pending() {
    return node_
      .read(
        [](storage::session& s) { return storage::pending_erasures(*s.db); })
      .size();
  }

  outcome<std::string> erase_conversation(const uuid& id) {
    return erase(
      access_,
      {"erase", {{"tenant", "acme"}, {"conversation", to_string(id)}}});
  }

  fakes::storage_node node_;
  config::settings settings_ = config::default_settings();
  access access_{settings_,   *node_.database, *node_.writer, *node_.reader,
                 *node_.book, node_.clock,     node_.random,  nullptr};
};

TEST_F(erase_command, stays_owed_when_it_could_not_be_written) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.execute("CREATE TRIGGER broken BEFORE DELETE ON conversation "
                "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  auto told = erase_conversation(c.id.value);
  ASSERT_FALSE(told);
  EXPECT_NE(told.error().text.find("written down"), std::string::npos);
  EXPECT_EQ(pending(), 1u);
}

TEST_F(erase_command, owes_nothing_when_there_is_nothing_of_that_name) {
  auto told = erase_conversation(make_uuid(node_.clock.now(), node_.random));
  EXPECT_EQ(told.error().code, errc::not_found);
  EXPECT_EQ(pending(), 0u);
}

TEST_F(erase_command, owes_nothing_when_a_hold_forbids_it) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.execute("UPDATE conversation SET hold = 1");
  auto told = erase_conversation(c.id.value);
  EXPECT_EQ(told.error().code, errc::not_permitted);
  EXPECT_EQ(pending(), 0u);
}

TEST_F(erase_command, half_done_hides_no_other_conversation) {
  auto going = *node_.hear(message("Hello", "m_1")).now;
  auto other = *node_.hear(message("Hello", "m_2", "customer-2")).now;
  // As after a commit that was lost once the keys were gone.
  node_.write([&](storage::work& w) {
    w.keys.destroy(storage::name_of(node_.tenant, going.id));
    w.keys.destroy(storage::name_of(node_.tenant, going.person));
  });
  auto list = list_conversations(access_, node_.tenant, {});
  ASSERT_TRUE(list) << list.error().text;
  EXPECT_NE(list->find(to_string(other.id)), std::string::npos);
  EXPECT_EQ(list->find(to_string(going.id)), std::string::npos);
  EXPECT_EQ(show_conversation(access_, node_.tenant, going.id).error().code,
            errc::not_found);
  auto to = node_.folder.path() / "export";
  auto exported =
    run_command(access_, {"export", {{"tenant", "acme"}, {"to", to.string()}}});
  ASSERT_TRUE(exported) << exported.error().text;
  EXPECT_NE(
    fakes::read_whole(to / "conversations.jsonl").find(to_string(other.id)),
    std::string::npos);
  EXPECT_TRUE(erase_conversation(going.id.value));
}

} // namespace
} // namespace assistly::api
