#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace assistly::sql {
namespace {

class sqlite : public testing::Test {
protected:
  fakes::temporary_folder folder_;
  std::string file_ = (folder_.path() / "x.db").string();
  std::unique_ptr<connection> db_ = open_sqlite(file_, {});

  std::int64_t pragma(const char* text) {
    auto found = ask_node(*db_, query{text});
    return found.next() ? found.integer(0) : -1;
  }
};

errc code_of(const std::function<void()>& act) {
  try {
    act();
    return errc::none;
  } catch (const failure& e) {
    return e.code();
  }
}

TEST_F(sqlite, binds_parameters_by_number_whatever_their_order_in_the_text) {
  constexpr query swapped{"SELECT $2, $1"};
  auto found = ask_node(*db_, swapped, std::int64_t{1}, std::int64_t{2});
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.integer(0), 2);
  EXPECT_EQ(found.integer(1), 1);
  constexpr query mixed{"SELECT $3, $1, $3, $2"};
  auto all =
    ask_node(*db_, mixed, std::int64_t{10}, std::int64_t{20}, std::int64_t{30});
  ASSERT_TRUE(all.next());
  EXPECT_EQ(all.integer(0), 30);
  EXPECT_EQ(all.integer(1), 10);
  EXPECT_EQ(all.integer(2), 30);
  EXPECT_EQ(all.integer(3), 20);
}

TEST_F(sqlite, binds_the_tenant_as_the_first_parameter) {
  constexpr query q{"SELECT $2, $1"};
  auto found = ask(*db_, tenant_id{77}, q, std::int64_t{5});
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.integer(0), 5);
  EXPECT_EQ(found.integer(1), 77);
}

TEST_F(sqlite, keeps_a_value_that_is_gone_before_the_first_step) {
  constexpr query q{"SELECT $1, $2"};
  auto found = [&] {
    std::string text(600, 't');
    std::string raw(600, 'b');
    auto started = ask_node(*db_, q, std::string_view{text}, bytes{raw});
    text.assign(600, 'x');
    raw.assign(600, 'x');
    return started;
  }();
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.bytes(0), std::string(600, 't'));
  EXPECT_EQ(found.bytes(1), std::string(600, 'b'));
}

TEST_F(sqlite, refuses_a_parameter_that_the_text_does_not_have) {
  constexpr query q{"SELECT $1"};
  EXPECT_EQ(
    code_of([&] { ask_node(*db_, q, std::int64_t{1}, std::int64_t{2}); }),
    errc::internal);
}

TEST_F(sqlite, gives_back_null_bytes_and_empty_texts_as_they_were) {
  db_->execute("CREATE TABLE t(a BLOB, b TEXT, c INTEGER) STRICT");
  constexpr query add{"INSERT INTO t(a, b, c) VALUES($1, $2, $3)"};
  std::string zero("\0x\0", 3);
  run_node(*db_, add, bytes{zero}, std::string_view{},
           std::optional<timestamp>{});
  constexpr query all{"SELECT a, b, c FROM t"};
  auto found = ask_node(*db_, all);
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.bytes(0), zero);
  EXPECT_FALSE(found.is_null(1));
  EXPECT_EQ(found.bytes(1), "");
  EXPECT_TRUE(found.is_null(2));
  EXPECT_FALSE(found.time_or_none(2));
}

TEST_F(sqlite, counts_the_rows_that_were_touched) {
  db_->execute("CREATE TABLE t(a INTEGER PRIMARY KEY) STRICT");
  constexpr query add{"INSERT INTO t(a) VALUES($1) ON CONFLICT(a) DO NOTHING"};
  EXPECT_EQ(run_node(*db_, add, std::int64_t{1}), 1);
  EXPECT_EQ(run_node(*db_, add, std::int64_t{1}), 0);
  constexpr query drop{"DELETE FROM t WHERE a = $1"};
  EXPECT_EQ(run_node(*db_, drop, std::int64_t{2}), 0);
  EXPECT_EQ(run_node(*db_, drop, std::int64_t{1}), 1);
}

TEST_F(sqlite, tells_a_conflict_from_a_failure_and_quotes_no_value) {
  db_->execute("CREATE TABLE t(a TEXT PRIMARY KEY, n INTEGER) STRICT");
  constexpr query add{"INSERT INTO t(a, n) VALUES($1, $2)"};
  run_node(*db_, add, std::string_view{"canary"}, std::int64_t{1});
  try {
    run_node(*db_, add, std::string_view{"canary"}, std::int64_t{1});
    FAIL() << "the key is taken";
  } catch (const failure& e) {
    EXPECT_EQ(e.code(), errc::conflict);
    EXPECT_EQ(std::string{e.what()}.find("canary"), std::string::npos);
  }
  try {
    run_node(*db_, add, std::string_view{"b"}, std::string_view{"canary"});
    FAIL() << "the column takes integers only";
  } catch (const failure& e) {
    EXPECT_EQ(std::string{e.what()}.find("canary"), std::string::npos);
  }
}

TEST_F(sqlite, can_use_a_statement_again_after_it_failed) {
  db_->execute("CREATE TABLE t(a INTEGER PRIMARY KEY) STRICT");
  constexpr query add{"INSERT INTO t(a) VALUES($1)"};
  run_node(*db_, add, std::int64_t{1});
  EXPECT_EQ(code_of([&] { run_node(*db_, add, std::int64_t{1}); }),
            errc::conflict);
  EXPECT_EQ(run_node(*db_, add, std::int64_t{2}), 1);
}

TEST_F(sqlite, refuses_an_id_of_the_wrong_length) {
  constexpr query q{"SELECT x'0011'"};
  auto found = ask_node(*db_, q);
  ASSERT_TRUE(found.next());
  EXPECT_EQ(code_of([&] { found.id(0); }), errc::storage_failed);
}

TEST_F(sqlite, opens_with_what_durability_and_erasure_need) {
  auto found = ask_node(*db_, query{"PRAGMA journal_mode"});
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.bytes(0), "wal");
  EXPECT_EQ(pragma("PRAGMA synchronous"), 2) << "FULL";
  EXPECT_EQ(pragma("PRAGMA secure_delete"), 1);
  EXPECT_EQ(pragma("PRAGMA temp_store"), 2) << "in memory";
  EXPECT_EQ(pragma("PRAGMA wal_autocheckpoint"), 0);
  EXPECT_GT(pragma("PRAGMA busy_timeout"), 0);
}

TEST_F(sqlite, refuses_to_write_by_a_reading_connection) {
  db_->execute("CREATE TABLE t(a INTEGER) STRICT");
  auto reading = open_sqlite(file_, {true, 1'024});
  EXPECT_NE(
    code_of([&] { run_node(*reading, query{"INSERT INTO t(a) VALUES(1)"}); }),
    errc::none);
}

TEST_F(sqlite, refuses_a_file_that_is_no_database) {
  auto other = folder_.path() / "other.db";
  fakes::write_whole(other, std::string(5'000, 'x'));
  EXPECT_EQ(code_of([&] { open_sqlite(other.string(), {}); }),
            errc::storage_failed);
  EXPECT_EQ(fakes::read_whole(other), std::string(5'000, 'x'));
}

TEST_F(sqlite, names_the_file_it_cannot_open) {
  try {
    open_sqlite((folder_.path() / "no" / "x.db").string(), {});
    FAIL() << "there is no such folder";
  } catch (const failure& e) {
    EXPECT_NE(std::string{e.what()}.find("x.db"), std::string::npos);
  }
}

TEST_F(sqlite, tells_a_search_from_a_scan) {
  db_->execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b INTEGER) STRICT");
  EXPECT_NE(db_->plan(query{"SELECT b FROM t WHERE a = $1"}).find("SEARCH "),
            std::string::npos);
  EXPECT_NE(db_->plan(query{"SELECT a FROM t WHERE b = $1"}).find("SCAN "),
            std::string::npos);
}

TEST_F(sqlite, empties_the_log_into_the_database) {
  db_->execute("CREATE TABLE t(a TEXT) STRICT");
  auto log = file_ + "-wal";
  ASSERT_GT(std::filesystem::file_size(log), 0u);
  auto left = checkpoint_sqlite(*db_, true);
  EXPECT_TRUE(left.whole);
  EXPECT_EQ(left.log, 0);
  EXPECT_EQ(std::filesystem::file_size(log), 0u);
}

TEST(sqlite_schema, turns_tokens_into_types) {
  EXPECT_EQ(sqlite_schema("CREATE TABLE t(a @INTEGER, b @BYTES, c @TEXT) "
                          "@KEPT; CREATE TABLE u(a @INTEGER) @CLUSTERED;"),
            "CREATE TABLE t(a INTEGER, b BLOB, c TEXT) STRICT; "
            "CREATE TABLE u(a INTEGER) STRICT, WITHOUT ROWID;");
}

} // namespace
} // namespace assistly::sql
