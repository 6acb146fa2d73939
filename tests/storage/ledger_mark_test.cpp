#include "storage/ledger_mark.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

namespace fs = std::filesystem;

class ledger_of_a_database : public testing::Test {
protected:
  ledger_of_a_database() {
    fs::remove(node_.ledger_file());
  }

  outcome<ledger> open() {
    return open_ledger(*node_.database, node_.ledger_file());
  }

  outcome<void> check() {
    return check_ledger(*node_.database, node_.ledger_file());
  }

  fakes::storage_node node_;
};

TEST_F(ledger_of_a_database, is_made_once_and_never_again) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(fs::remove(node_.ledger_file()));
  auto again = open();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::not_found);
  EXPECT_NE(again.error().text.find(node_.ledger_file().string()),
            std::string::npos);
  EXPECT_NE(again.error().text.find("put it back"), std::string::npos);
  EXPECT_FALSE(fs::exists(node_.ledger_file()));
  fakes::write_whole(node_.ledger_file(), "");
  EXPECT_TRUE(open()) << "nothing was erased, so an empty one loses nothing";
}

TEST_F(ledger_of_a_database, cannot_be_replaced_once_something_was_erased) {
  node_.book.emplace(*open());
  auto c = *node_.hear(fakes::message("Hello", "m_1")).now;
  node_.erase(erase_scope::conversation, c.id.value);
  fs::remove(node_.ledger_file());
  EXPECT_EQ(open().error().code, errc::not_found);
  fakes::write_whole(node_.ledger_file(), "");
  EXPECT_EQ(open().error().code, errc::conflict);
}

TEST_F(ledger_of_a_database, is_not_made_by_a_check) {
  EXPECT_TRUE(check()) << "it is still to be made";
  EXPECT_FALSE(fs::exists(node_.ledger_file()));
  ASSERT_TRUE(open());
  EXPECT_TRUE(check());
  fs::remove(node_.ledger_file());
  EXPECT_EQ(check().error().code, errc::not_found);
  EXPECT_FALSE(fs::exists(node_.ledger_file()));
}

} // namespace
} // namespace assistly::storage
