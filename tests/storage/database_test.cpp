#include "storage/database.hpp"
#include "storage/schema/migrations.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"
#include "storage/sql/sqlite_engine.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/seeded_random.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace assistly::storage {
namespace {

namespace fs = std::filesystem;

class database_open : public testing::Test {
protected:
  outcome<std::unique_ptr<database>> open() {
    return database::open({file_, keys_}, random_);
  }

  void make() {
    auto made = open();
    ASSERT_TRUE(made) << made.error().text;
  }

  static bool names(const fault& why, const fs::path& file) {
    return why.text.find(file.string()) != std::string::npos;
  }

  fakes::temporary_folder folder_;
  fakes::seeded_random random_{5};
  fs::path file_ = folder_.path() / "data" / "assistly.db";
  fs::path keys_ = folder_.path() / "secret" / "keys";
};

TEST_F(database_open, makes_files_that_only_their_owner_may_read) {
  auto made = open();
  ASSERT_TRUE(made) << made.error().text;
  for (const auto& file : {file_, fs::path{file_.string() + ".keys"}, keys_}) {
    struct stat info {};

    ASSERT_EQ(::stat(file.c_str(), &info), 0) << file;
    EXPECT_EQ(info.st_mode & 0077, 0u) << file;
  }
  EXPECT_EQ((*made)->folder(), file_.parent_path());
}

TEST_F(database_open, migrates_once_and_opens_again) {
  make();
  auto again = open();
  ASSERT_TRUE(again) << again.error().text;
  auto s = (*again)->open_session(true);
  auto found = sql::ask_node(*s.db, sql::query{"SELECT count(*), max(number) "
                                               "FROM schema_version"});
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.integer(0),
            static_cast<std::int64_t>(data_migrations().size()));
  EXPECT_EQ(found.integer(1), schema_version());
}

TEST_F(database_open, keeps_what_was_sealed_over_a_restart) {
  make();
  key_name name{tenant_id{1}, key_kind::tenant, {}};
  std::array<std::byte, 32> bytes{};
  {
    auto db = open();
    auto s = (*db)->open_session(false);
    bytes = s.keys.get_or_make(name, fakes::some_morning).bytes;
    s.keys.commit();
  }
  auto db = open();
  auto s = (*db)->open_session(true);
  EXPECT_EQ(s.keys.get(name).bytes, bytes);
}

TEST_F(database_open, refuses_a_second_opener) {
  auto first = open();
  ASSERT_TRUE(first);
  auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::conflict);
  EXPECT_TRUE(names(second.error(), file_.string() + ".lock"));
  EXPECT_NE(second.error().text.find("stop it"), std::string::npos);
  first = fault{errc::none, ""};
  EXPECT_TRUE(open()) << "the lock ends with its holder";
}

TEST_F(database_open, refuses_a_second_process) {
  auto first = open();
  ASSERT_TRUE(first);
  auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto second = open();
    ::_exit(!second && second.error().code == errc::conflict ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(database_open, refuses_a_missing_key_file_and_says_what_to_do) {
  make();
  fs::remove(keys_);
  auto r = open();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::not_found);
  EXPECT_TRUE(names(r.error(), file_));
  EXPECT_TRUE(names(r.error(), keys_));
  EXPECT_NE(r.error().text.find("put the key file back"), std::string::npos);
  EXPECT_FALSE(fs::exists(keys_)) << "no new key may be made";
}

TEST_F(database_open, refuses_another_databases_key_file) {
  make();
  fs::remove(keys_);
  fakes::seeded_random other{99};
  ASSERT_TRUE(crypto::root_key::create(keys_, other));
  auto r = open();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::wrong_key);
  EXPECT_TRUE(names(r.error(), file_));
  EXPECT_TRUE(names(r.error(), keys_));
  EXPECT_NE(r.error().text.find("set keys.file"), std::string::npos);
}

TEST_F(database_open, refuses_a_key_file_that_others_may_read) {
  make();
  fs::permissions(keys_, fs::perms::owner_read | fs::perms::others_read);
  auto r = open();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::not_permitted);
}

TEST_F(database_open, uses_the_key_file_an_operator_put_there) {
  fs::create_directories(keys_.parent_path());
  fakes::seeded_random other{99};
  auto key = crypto::root_key::create(keys_, other);
  ASSERT_TRUE(key);
  auto db = open();
  ASSERT_TRUE(db) << db.error().text;
  EXPECT_EQ((*db)->root().fingerprint(), key->fingerprint());
}

TEST_F(database_open, refuses_a_missing_key_store_and_makes_none) {
  make();
  auto store = file_.string() + ".keys";
  fs::remove(store);
  auto r = open();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::not_found);
  EXPECT_TRUE(names(r.error(), store));
  EXPECT_TRUE(names(r.error(), file_));
  EXPECT_NE(r.error().text.find("put it back"), std::string::npos);
  EXPECT_FALSE(fs::exists(store));
}

TEST_F(database_open, goes_on_with_one_whose_making_was_cut_off) {
  // In the order in which they are made: each may be the last that a crash
  // left.
  auto cut_off = [this](bool key_store, bool key_file) {
    fs::remove_all(file_.parent_path());
    fs::remove(keys_);
    make();
    sql::open_sqlite(file_.string(), {})
      ->execute("DELETE FROM node WHERE name = 'root_key'");
    if (!key_store)
      fs::remove(file_.string() + ".keys");
    if (!key_file)
      fs::remove(keys_);
    auto state = state_of(file_);
    ASSERT_TRUE(state);
    EXPECT_EQ(*state, database_state::none);
    auto again = open();
    EXPECT_TRUE(again) << again.error().text;
  };
  cut_off(false, false);
  cut_off(true, false);
  cut_off(true, true);
}

TEST_F(database_open, only_to_look_writes_nothing) {
  make();
  std::set<fs::path> before;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    before.insert(entry.path());
  {
    auto looked = database::open({file_, keys_, true}, random_);
    ASSERT_TRUE(looked) << looked.error().text;
    auto s = (*looked)->open_session(true);
    EXPECT_FALSE(s.keys.exists({tenant_id{1}, key_kind::tenant, {}}));
    EXPECT_FALSE(open()) << "the lock is held all the same";
  }
  std::set<fs::path> after;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    after.insert(entry.path());
  EXPECT_EQ(after, before) << "not even a log";
}

TEST(state_of, makes_nothing_where_nothing_is) {
  fakes::temporary_folder folder;
  auto state = state_of(folder.path() / "var" / "assistly.db");
  ASSERT_TRUE(state);
  EXPECT_EQ(*state, database_state::none);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(database_open, refuses_a_key_store_that_is_not_of_this_database) {
  key_name name{tenant_id{1}, key_kind::tenant, {}};
  {
    auto db = open();
    ASSERT_TRUE(db);
    auto s = (*db)->open_session(false);
    s.keys.get_or_make(name, fakes::some_morning);
    s.keys.commit();
    s.db->execute("INSERT INTO tenant(tenant_id, slug, revision, created_at, "
                  "sealed) VALUES(1, 'acme', 1, 0, x'00')");
  }
  ASSERT_TRUE(open());
  for (const auto* end : {".keys", ".keys-wal", ".keys-shm"})
    fs::remove(file_.string() + end);
  auto r = open();
  ASSERT_FALSE(r) << "an empty key store would quietly make everything noise";
  EXPECT_EQ(r.error().code, errc::not_found);
  EXPECT_TRUE(names(r.error(), file_.string() + ".keys"));
}

TEST_F(database_open, refuses_a_schema_that_a_newer_program_wrote) {
  make();
  {
    auto db = sql::open_sqlite(file_.string(), {});
    db->execute("INSERT INTO schema_version(number) VALUES(99)");
  }
  auto r = open();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::not_permitted);
  EXPECT_NE(r.error().text.find("99"), std::string::npos);
  EXPECT_NE(r.error().text.find("newer program"), std::string::npos);
}

TEST_F(database_open, leaves_a_database_alone_whose_migration_fails) {
  make();
  auto engine = sql::make_sqlite_engine(file_);
  auto db = engine->open(sql::store::data, sql::access::write);
  const migration steps[] = {
    {schema_version(), ""},
    {schema_version() + 1,
     "CREATE TABLE added(a INTEGER) STRICT; CREATE TABLE node(a INTEGER);"}};
  EXPECT_THROW(migrate(*db, *engine, steps), sql::failure);
  db.reset();
  auto again = open();
  ASSERT_TRUE(again) << again.error().text;
  auto s = (*again)->open_session(true);
  auto found =
    sql::ask_node(*s.db, sql::query{"SELECT count(*) FROM sqlite_schema "
                                    "WHERE name = 'added'"});
  ASSERT_TRUE(found.next());
  EXPECT_EQ(found.integer(0), 0);
}

TEST_F(database_open, names_the_folder_it_may_not_write_to) {
  fakes::write_whole(folder_.path() / "data", "a file, no folder");
  auto r = open();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::io_failed);
  EXPECT_TRUE(names(r.error(), file_.parent_path()));
}

} // namespace
} // namespace assistly::storage
