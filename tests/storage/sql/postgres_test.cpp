#include "storage/sql/postgres.hpp"
#include "storage/sql/postgres_engine.hpp"
#include "storage/sql/run.hpp"
#include "tests/storage/relay.hpp"
#include "tests/storage/test_server.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace assistly::sql {
namespace {

errc code_of(const std::function<void()>& act) {
  try {
    act();
    return errc::none;
  } catch (const failure& e) {
    return e.code();
  }
}

class postgres_driver : public testing::Test {
protected:
  std::unique_ptr<connection> open() {
    return open_postgres({server_.url(), "public"});
  }

  fakes::own_database server_;
  std::unique_ptr<connection> db_ = open();
};

TEST_F(postgres_driver, gives_back_null_bytes_and_empty_texts_as_they_were) {
  db_->execute("CREATE TABLE t(a bytea, b text, c bigint)");
  constexpr query add{"INSERT INTO t(a, b, c) VALUES($1, $2, $3)"};
  std::string raw("\0\xff'\\", 4);
  run_node(*db_, add, bytes{raw}, std::string_view{""}, std::int64_t{-5});
  run_node(*db_, add, std::optional<uuid>{}, std::string_view{"x"},
           std::optional<std::int64_t>{});
  auto found = ask_node(*db_, query{"SELECT a, b, c FROM t ORDER BY b"});
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.bytes(0), raw);
  EXPECT_EQ(found.bytes(1), "");
  EXPECT_FALSE(found.is_null(1));
  EXPECT_EQ(found.integer(2), -5);
  ASSERT_TRUE(found.next());
  EXPECT_TRUE(found.is_null(0));
  EXPECT_EQ(found.bytes(1), "x");
  EXPECT_TRUE(found.is_null(2));
  EXPECT_EQ(found.integer(2), 0);
  EXPECT_FALSE(found.next());
}

TEST_F(postgres_driver, reads_numbers_of_every_width) {
  auto found = ask_node(
    *db_, query{"SELECT (-7)::int2, (-70000)::int4, 9223372036854775807, true, "
                "count(*) FROM pg_class WHERE relname = 'none'"});
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.integer(0), -7);
  EXPECT_EQ(found.integer(1), -70'000);
  EXPECT_EQ(found.integer(2), INT64_MAX);
  EXPECT_EQ(found.integer(3), 1);
  EXPECT_EQ(found.integer(4), 0);
}

TEST_F(postgres_driver, counts_the_rows_that_were_touched) {
  db_->execute("CREATE TABLE t(a bigint PRIMARY KEY)");
  constexpr query add{"INSERT INTO t(a) VALUES($1) ON CONFLICT DO NOTHING"};
  EXPECT_EQ(run_node(*db_, add, std::int64_t{1}), 1);
  EXPECT_EQ(run_node(*db_, add, std::int64_t{1}), 0);
  EXPECT_EQ(run_node(*db_, add, std::int64_t{2}), 1);
  EXPECT_EQ(run_node(*db_, query{"UPDATE t SET a = a + 10"}), 2);
  EXPECT_EQ(db_->all_changes(), 4);
}

TEST_F(postgres_driver, tells_a_conflict_from_a_failure_and_quotes_no_value) {
  db_->execute("CREATE TABLE t(a text PRIMARY KEY, n bigint)");
  constexpr query add{"INSERT INTO t(a, n) VALUES($1, $2)"};
  run_node(*db_, add, std::string_view{"canary"}, std::int64_t{1});
  try {
    run_node(*db_, add, std::string_view{"canary"}, std::int64_t{1});
    FAIL() << "the key is taken";
  } catch (const failure& e) {
    EXPECT_EQ(e.code(), errc::conflict);
    EXPECT_EQ(std::string{e.what()}.find("canary"), std::string::npos);
    EXPECT_NE(std::string{e.what()}.find("23505"), std::string::npos);
  }
  EXPECT_EQ(code_of([&] { run_node(*db_, query{"SELECT * FROM none"}); }),
            errc::storage_failed);
  EXPECT_EQ(run_node(*db_, add, std::string_view{"b"}, std::int64_t{1}), 1)
    << "a statement can be used again after it failed";
}

TEST_F(postgres_driver, keeps_a_value_that_is_gone_before_the_first_step) {
  auto found = [&] {
    std::string text(600, 't');
    return ask_node(*db_, query{"SELECT $1::text"}, std::string_view{text});
  }();
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.bytes(0), std::string(600, 't'));
}

TEST_F(postgres_driver, refuses_to_write_by_a_reading_connection) {
  db_->execute("CREATE TABLE t(a bigint)");
  auto reading = open_postgres({server_.url(), "public", true});
  EXPECT_EQ(code_of([&] { reading->execute("INSERT INTO t VALUES(1)"); }),
            errc::storage_failed);
}

TEST_F(postgres_driver, names_the_reason_but_no_password_if_it_cannot_open) {
  auto url = server_.url();
  url.insert(url.find("@/"), ":canary");
  auto from = url.find("@/") + 2;
  url.replace(from, url.find('?') - from, "no_such_database");
  try {
    open_postgres({url, "public"});
    FAIL() << "there is no such database";
  } catch (const failure& e) {
    EXPECT_EQ(e.code(), errc::storage_failed);
    EXPECT_NE(std::string{e.what()}.find("no_such_database"),
              std::string::npos);
    EXPECT_EQ(std::string{e.what()}.find("canary"), std::string::npos);
  }
}

/// With the row by which a batch is known.
class postgres_commits : public testing::Test {
protected:
  postgres_commits() {
    EXPECT_TRUE(engine_->lock());
    db_ = engine_->open(store::data, access::write);
    db_->execute("CREATE TABLE t(a bigint PRIMARY KEY)");
  }

  std::int64_t rows() {
    auto own = open_postgres({server_.url(), "assistly"});
    auto found = ask_node(*own, query{"SELECT count(*) FROM t"});
    return found.next() ? found.integer(0) : -1;
  }

  /// Ends every other connection of the role, as a server that dies does.
  void end_connections() {
    open_postgres({server_.url(), "public"})
      ->execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                "datname = current_database() AND pid <> pg_backend_pid()");
  }

  static constexpr query add{"INSERT INTO t(a) VALUES($1)"};

  void put(std::int64_t n) {
    auto& s = db_->prepared(add);
    s.bind_integer(1, n);
    s.send();
  }

  fakes::own_database server_;
  std::unique_ptr<engine> engine_ = make_postgres_engine(server_.url());
  std::unique_ptr<connection> db_;
};

TEST_F(postgres_commits, keep_what_was_only_queued) {
  db_->begin_write();
  db_->begin_unit();
  put(1);
  db_->end_unit();
  db_->commit();
  EXPECT_EQ(rows(), 1);
}

TEST_F(postgres_commits, count_a_statements_rows_without_what_was_queued) {
  db_->begin_write();
  put(1);
  put(2);
  EXPECT_EQ(run_node(*db_, query{"DELETE FROM t WHERE a = 1"}), 1);
  db_->commit();
  EXPECT_EQ(rows(), 1);
}

TEST_F(postgres_commits, take_a_unit_back_alone) {
  db_->begin_write();
  db_->begin_unit();
  put(1);
  db_->end_unit();
  db_->begin_unit();
  EXPECT_EQ(code_of([&] { run_node(*db_, add, std::int64_t{1}); }),
            errc::conflict);
  db_->undo_unit();
  db_->end_unit();
  db_->begin_unit();
  put(2);
  db_->end_unit();
  db_->commit();
  EXPECT_EQ(rows(), 2);
}

TEST_F(postgres_commits, blame_nobody_else_for_a_queued_failure) {
  db_->begin_write();
  db_->begin_unit();
  put(1);
  put(1);
  db_->end_unit();
  db_->begin_unit();
  EXPECT_EQ(code_of([&] { run_node(*db_, query{"SELECT 1"}); }),
            errc::conflict);
  EXPECT_EQ(code_of([&] { db_->undo_unit(); }), errc::conflict)
    << "the batch goes as a whole";
  db_->roll_back();
  EXPECT_EQ(rows(), 0);
  db_->begin_write();
  put(1);
  db_->commit();
  EXPECT_EQ(rows(), 1);
}

TEST_F(postgres_commits, tell_a_queued_failure_by_the_commit_at_the_latest) {
  db_->begin_write();
  put(1);
  put(1);
  EXPECT_EQ(code_of([&] { db_->commit(); }), errc::conflict);
  db_->roll_back();
  EXPECT_EQ(rows(), 0);
}

TEST_F(postgres_commits, fail_once_and_go_on_when_the_connection_is_lost) {
  db_->begin_write();
  run_node(*db_, add, std::int64_t{1});
  end_connections();
  EXPECT_EQ(code_of([&] { run_node(*db_, add, std::int64_t{2}); }),
            errc::storage_failed);
  db_->roll_back();
  EXPECT_EQ(rows(), 0);
  db_->begin_write();
  run_node(*db_, add, std::int64_t{3});
  db_->commit();
  EXPECT_EQ(rows(), 1) << "opened again, its statements prepared anew";
}

TEST_F(postgres_commits, are_in_doubt_when_the_answer_is_lost) {
  db_->begin_write();
  run_node(*db_, add, std::int64_t{1});
  end_connections();
  EXPECT_THROW(db_->commit(), commit_in_doubt);
  EXPECT_FALSE(db_->has_committed()) << "the server was gone before it came";
  EXPECT_EQ(rows(), 0);
}

/// A commit whose answer does not come back, over a line that can be cut.
class postgres_doubt : public postgres_commits {
protected:
  postgres_doubt() {
    db_.reset();
    engine_ = make_postgres_engine(line_.url());
    EXPECT_TRUE(engine_->lock());
    db_ = engine_->open(store::data, access::write);
    db_->begin_write();
    run_node(*db_, add, std::int64_t{1});
    line_.swallow_next_answer();
    EXPECT_THROW(db_->commit(), commit_in_doubt);
    EXPECT_EQ(line_.swallowed(), 1);
  }

  ~postgres_doubt() override {
    db_.reset();
    engine_.reset();
  }

  fakes::relay line_{server_.url()};
};

TEST_F(postgres_doubt, ends_when_the_server_says_that_it_stands) {
  EXPECT_TRUE(db_->has_committed());
  EXPECT_TRUE(db_->has_committed()) << "asked again, it says the same";
  EXPECT_EQ(rows(), 1);
  db_->begin_write();
  run_node(*db_, add, std::int64_t{2});
  db_->commit();
  EXPECT_EQ(rows(), 2);
}

TEST_F(postgres_doubt, lasts_while_nobody_can_be_asked) {
  line_.set_down(true);
  EXPECT_EQ(code_of([&] { db_->has_committed(); }), errc::storage_failed);
  EXPECT_EQ(code_of([&] { db_->begin_write(); }), errc::storage_failed);
}

TEST_F(postgres_commits, are_refused_once_another_node_owns_the_database) {
  auto second = make_postgres_engine(server_.url());
  db_->begin_write();
  put(1);
  db_->commit();
  // Its lock is lost with the connection that holds it, and nobody is told.
  end_connections();
  ASSERT_TRUE(second->lock());
  auto taken_over = second->open(store::data, access::write);
  db_->begin_write();
  put(2);
  EXPECT_EQ(code_of([&] { db_->commit(); }), errc::storage_failed);
  db_->roll_back();
  EXPECT_EQ(rows(), 1) << "the first node writes nothing any more";
  taken_over->begin_write();
  auto& s = taken_over->prepared(add);
  s.bind_integer(1, 3);
  s.send();
  taken_over->commit();
  EXPECT_EQ(rows(), 2);
}

TEST_F(postgres_commits, let_one_node_in_at_a_time) {
  auto second = make_postgres_engine(server_.url());
  auto refused = second->lock();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::conflict);
  EXPECT_NE(refused.error().text.find("stop it"), std::string::npos);
}

/// The second wall, with tables as a migration makes them.
class postgres_wall : public postgres_commits {
protected:
  postgres_wall() {
    db_->begin_write();
    db_->execute(engine_
                   ->schema("CREATE TABLE guarded(tenant_id @INTEGER NOT NULL, "
                            "word @TEXT NOT NULL) @KEPT;")
                   .c_str());
    db_->commit();
    db_->begin_write();
    constexpr query fill{"INSERT INTO guarded(tenant_id, word) VALUES($1, $2)"};
    for (std::int64_t tenant : {1, 2})
      sql::send(*db_, tenant_id{tenant}, fill, std::string_view{"x"});
    db_->commit();
  }

  /// What a statement sees that forgot to ask for its tenant.
  std::int64_t seen() {
    auto& s = db_->prepared({careless});
    auto n = s.step() ? s.integer(0) : -1;
    s.reset();
    return n;
  }

  static constexpr const char* careless = "SELECT count(*) FROM guarded";
};

TEST_F(postgres_wall, shows_no_row_where_no_tenant_was_named) {
  EXPECT_EQ(seen(), 0);
  db_->begin_read();
  EXPECT_EQ(seen(), 0);
  db_->roll_back();
}

TEST_F(postgres_wall, shows_a_tenants_rows_alone_to_a_careless_statement) {
  db_->begin_read();
  db_->see_only(tenant_id{1});
  EXPECT_EQ(seen(), 1);
  db_->see_only(tenant_id{3});
  EXPECT_EQ(seen(), 0);
  db_->see_all();
  EXPECT_EQ(seen(), 2) << "a sweep says that it is one";
  db_->roll_back();
  EXPECT_EQ(seen(), 0) << "it ends with the transaction";
}

TEST_F(postgres_wall, would_be_missed_if_it_were_not_there) {
  db_->begin_write();
  db_->execute("ALTER TABLE guarded NO FORCE ROW LEVEL SECURITY");
  db_->see_only(tenant_id{1});
  EXPECT_EQ(seen(), 2) << "the negative control lies";
  db_->roll_back();
}

TEST_F(postgres_wall, lets_nobody_write_into_another_tenants_rows) {
  db_->begin_write();
  db_->see_only(tenant_id{1});
  EXPECT_EQ(code_of([&] {
              db_
                ->prepared({"INSERT INTO guarded(tenant_id, word) "
                            "VALUES(2, 'y')"})
                .step();
            }),
            errc::storage_failed);
  db_->roll_back();
  db_->begin_write();
  db_->see_only(tenant_id{1});
  auto& careless_delete = db_->prepared({"DELETE FROM guarded"});
  careless_delete.step();
  careless_delete.reset();
  db_->commit();
  db_->begin_read();
  db_->see_all();
  EXPECT_EQ(seen(), 1) << "the other tenant's is left";
  db_->roll_back();
}

} // namespace
} // namespace assistly::sql
