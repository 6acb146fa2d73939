#include "storage/reader.hpp"
#include "storage/sql/run.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace assistly::storage {
namespace {

using fakes::storage_node;

TEST(reader_rules, see_one_moment_throughout_a_question) {
  storage_node node;
  node.hear(fakes::message("Hello", "m_1"));
  constexpr sql::query count{"SELECT count(*) FROM turn"};
  auto seen = node.read([&](session& s) {
    auto ask = [&] {
      auto found = sql::ask_node(*s.db, count);
      found.next();
      return found.integer(0);
    };
    auto before = ask();
    node.hear(fakes::message("Hello?", "m_2"));
    return std::pair{before, ask()};
  });
  EXPECT_EQ(seen.first, 1);
  EXPECT_EQ(seen.second, 1) << "what is written meanwhile is not in it";
  EXPECT_EQ(node.number("SELECT count(*) FROM turn"), 2);
}

TEST(reader_rules, tell_a_failure_to_whoever_asked) {
  storage_node node;
  auto r = node.reader->run([](session&) {
    throw sql::failure{errc::wrong_key, "no"};
  });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::wrong_key);
}

TEST(reader_rules, survive_a_question_with_a_bug) {
  storage_node node;
  for (int i = 0; i < 10; ++i) {
    auto r =
      node.reader->run([](session&) { throw std::logic_error{"canary"}; });
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, errc::internal);
    EXPECT_EQ(r.error().text.find("canary"), std::string::npos);
  }
  EXPECT_TRUE(node.reader->run([](session&) {}));
}

TEST(reader_rules, go_on_after_a_question_that_failed_in_the_engine) {
  storage_node node;
  for (int i = 0; i < 10; ++i) {
    auto r = node.reader->run(
      [](session& s) { s.db->execute("SELECT * FROM no_such_table"); });
    EXPECT_EQ(r.error().code, errc::storage_failed);
  }
  EXPECT_EQ(node.read([](session& s) { return count_journal(*s.db); }), 0);
}

TEST(reader_rules, may_not_write) {
  storage_node node;
  auto r = node.reader->run([](session& s) {
    s.db->execute("INSERT INTO node(name, value) VALUES('a', 'b')");
  });
  EXPECT_FALSE(r);
  EXPECT_EQ(node.number("SELECT count(*) FROM node WHERE name = 'a'"), 0);
}

TEST(reader_rules, refuse_questions_after_the_end) {
  storage_node node;
  node.reader->stop();
  std::promise<fault> told;
  node.reader->submit([](session&) { FAIL() << "it has ended"; },
                      [&](fault why) { told.set_value(std::move(why)); });
  EXPECT_EQ(told.get_future().get().code, errc::busy);
}

TEST(reader_rules, answer_what_was_asked_before_the_end) {
  storage_node node;
  std::atomic<int> answered{0};
  for (int i = 0; i < 50; ++i)
    node.reader->submit([&](session&) { ++answered; }, [](const fault&) {});
  node.reader->stop();
  EXPECT_EQ(answered, 50);
}

} // namespace
} // namespace assistly::storage
