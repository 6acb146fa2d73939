/// What the writer does when the line to the server is cut.
#include "storage/sql/postgres.hpp"
#include "storage/sql/run.hpp"
#include "storage/writer.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/seeded_random.hpp"
#include "tests/storage/relay.hpp"
#include "tests/storage/test_server.hpp"

#include <gtest/gtest.h>

#include <future>

namespace assistly::storage {
namespace {

class postgres_writer : public testing::Test {
protected:
  void start(writer_options options = {}) {
    database_options place{"", folder_.path() / "keys"};
    place.server = line_.url();
    auto opened = database::open(place, random_);
    ASSERT_TRUE(opened) << opened.error().text;
    db_ = std::move(*opened);
    writer_ = std::make_unique<writer>(*db_, clock_, random_, options);
    ASSERT_TRUE(writer_->run([](work& w) {
      sql::run_node(w.db, sql::query{"INSERT INTO node(name, value) "
                                     "VALUES('count', '')"});
    }));
  }

  ~postgres_writer() override {
    writer_.reset();
    db_.reset();
  }

  /// Adds a letter to a value: done twice, it shows.
  static void add_one(work& w) {
    sql::run_node(w.db, sql::query{"UPDATE node SET value = value || 'x' "
                                   "WHERE name = 'count'"});
  }

  std::string written() {
    auto own = sql::open_postgres({server_.url(), "assistly"});
    auto found = sql::ask_node(
      *own, sql::query{"SELECT value FROM node WHERE name = 'count'"});
    return found.next() ? std::string{found.bytes(0)} : "(none)";
  }

  /// Runs it in a batch whose commit's answer does not come back.
  outcome<void> run_and_cut(int& runs) {
    return writer_->run([&](work& w) {
      add_one(w);
      if (++runs == 1)
        line_.swallow_next_answer();
    });
  }

  fakes::own_database server_;
  fakes::relay line_{server_.url()};
  fakes::temporary_folder folder_;
  fakes::seeded_random random_{3};
  fakes::manual_clock clock_{fakes::some_morning};
  std::unique_ptr<database> db_;
  std::unique_ptr<writer> writer_;
};

TEST_F(postgres_writer, runs_no_unit_twice_whose_commit_stands) {
  start();
  int runs = 0;
  auto told = run_and_cut(runs);
  EXPECT_TRUE(told) << told.error().text;
  EXPECT_EQ(line_.swallowed(), 1);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(written(), "x");
  EXPECT_TRUE(writer_->run(add_one)) << "it goes on";
  EXPECT_EQ(written(), "xx");
  EXPECT_EQ(writer_->trouble(), errc::none);
}

TEST_F(postgres_writer, would_be_caught_guessing) {
  writer_options options;
  options.guess_when_in_doubt = true;
  start(options);
  int runs = 0;
  auto told = run_and_cut(runs);
  EXPECT_FALSE(told) << "what stands is told as lost";
  EXPECT_EQ(written(), "x");
  EXPECT_TRUE(writer_->run(add_one)) << "so whoever asked does it again";
  EXPECT_EQ(written(), "xx") << "the negative control lies";
}

TEST_F(postgres_writer, tells_nobody_while_nobody_can_say) {
  start();
  std::promise<outcome<void>> told;
  auto result = told.get_future();
  writer_->submit(
    [&](work& w) {
      add_one(w);
      line_.swallow_next_answer();
      line_.set_down(true);
    },
    [&](const outcome<void>& r) { told.set_value(r); });
  // It is in doubt once its answer is gone; until the server is back nobody
  // hears of it, and whoever asks is told that nothing can be kept.
  while (writer_->trouble() == errc::none)
    std::this_thread::yield();
  EXPECT_EQ(result.wait_for(std::chrono::seconds{0}),
            std::future_status::timeout);
  line_.set_down(false);
  EXPECT_TRUE(result.get());
  EXPECT_EQ(written(), "x");
}

TEST_F(postgres_writer,
       ends_in_doubt_if_it_must_end_before_the_server_is_back) {
  start();
  std::promise<outcome<void>> told;
  int runs = 0;
  writer_->submit(
    [&](work& w) {
      ++runs;
      add_one(w);
      line_.swallow_next_answer();
      line_.set_down(true);
    },
    [&](const outcome<void>& r) { told.set_value(r); });
  while (writer_->trouble() == errc::none)
    std::this_thread::yield();
  writer_->stop();
  auto result = told.get_future().get();
  EXPECT_FALSE(result) << "nobody may be promised what is not known";
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(written(), "x") << "it stands, and the next start finds it";
}

TEST_F(postgres_writer, loses_only_what_was_not_committed_with_the_line) {
  start();
  int runs = 0;
  auto told = writer_->run([&](work& w) {
    if (++runs == 1) {
      line_.swallow_next_answer();
      add_one(w);
    }
  });
  EXPECT_EQ(line_.swallowed(), 1);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::storage_failed);
  EXPECT_EQ(written(), "");
  EXPECT_TRUE(writer_->run(add_one)) << "the line is opened again";
  EXPECT_EQ(written(), "x");
}

TEST_F(postgres_writer, keeps_the_keys_of_a_batch_that_was_run_again) {
  start();
  person_id who{make_uuid(clock_.now(), random_)};
  key_name tenant{tenant_id{1}, key_kind::tenant, {}};
  int runs = 0;
  auto told = writer_->run([&](work& w) {
    w.keys.get_or_make(tenant, w.now);
    w.keys.get_or_make(name_of(tenant.tenant, who), w.now);
    add_one(w);
    // The next answer is the keys' commit.
    if (++runs == 1)
      line_.swallow_next_answer();
  });
  EXPECT_EQ(line_.swallowed(), 1);
  ASSERT_FALSE(told) << "alone, it is not run again by the writer";
  EXPECT_TRUE(writer_->run([&](work& w) {
    w.keys.get_or_make(name_of(tenant.tenant, who), w.now);
    add_one(w);
  }));
  EXPECT_EQ(written(), "x");
  auto s = db_->open_session(true);
  EXPECT_TRUE(s.keys.exists(name_of(tenant.tenant, who)));
}

} // namespace
} // namespace assistly::storage
