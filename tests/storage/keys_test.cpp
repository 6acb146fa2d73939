#include "storage/database.hpp"
#include "storage/keys.hpp"
#include "storage/sql/run.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/seeded_random.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

class key_store_rules : public testing::Test {
protected:
  void SetUp() override {
    auto opened = database::open(
      {folder_.path() / "assistly.db", folder_.path() / "keys"}, random_);
    ASSERT_TRUE(opened) << opened.error().text;
    database_ = std::move(*opened);
    session_.emplace(database_->open_session(false));
    keys().get_or_make(tenant_key(1), now_);
    keys().get_or_make(tenant_key(2), now_);
    keys().commit();
  }

  key_store& keys() {
    return session_->keys;
  }

  static key_name tenant_key(std::int64_t id) {
    return {tenant_id{id}, key_kind::tenant, {}};
  }

  key_name person(std::int64_t tenant) {
    return name_of(tenant_id{tenant}, person_id{make_uuid(now_, random_)});
  }

  static errc code_of(const std::function<void()>& act) {
    try {
      act();
      return errc::none;
    } catch (const sql::failure& e) {
      return e.code();
    }
  }

  const timestamp now_ = fakes::some_morning;
  fakes::temporary_folder folder_;
  fakes::seeded_random random_{3};
  std::unique_ptr<database> database_;
  std::optional<session> session_;
};

TEST_F(key_store_rules, makes_a_key_once_and_gives_it_back) {
  auto name = person(1);
  auto made = keys().get_or_make(name, now_);
  EXPECT_EQ(keys().get(name).bytes, made.bytes);
  keys().commit();
  database_->keys().forget_all();
  EXPECT_EQ(keys().get(name).bytes, made.bytes) << "from the file";
  EXPECT_NE(keys().get_or_make(person(1), now_).bytes, made.bytes);
}

TEST_F(key_store_rules, refuses_a_key_that_was_never_made) {
  EXPECT_EQ(code_of([&] { keys().get(person(1)); }), errc::key_destroyed);
}

TEST_F(key_store_rules, makes_no_leaf_for_a_tenant_without_a_key) {
  EXPECT_EQ(code_of([&] { keys().get_or_make(person(9), now_); }),
            errc::key_destroyed);
}

TEST_F(key_store_rules, destroys_for_every_connection_and_for_good) {
  auto name = person(1);
  keys().get_or_make(name, now_);
  keys().commit();
  auto other = database_->open_session(true);
  other.keys.get(name);
  keys().destroy(name);
  keys().commit();
  EXPECT_FALSE(keys().exists(name));
  EXPECT_EQ(code_of([&] { keys().get(name); }), errc::key_destroyed);
  EXPECT_EQ(code_of([&] { other.keys.get(name); }), errc::key_destroyed);
}

TEST_F(key_store_rules, takes_back_what_was_not_committed) {
  auto name = person(1);
  keys().get_or_make(name, now_);
  keys().roll_back();
  EXPECT_FALSE(keys().exists(name));
  EXPECT_EQ(code_of([&] { keys().get(name); }), errc::key_destroyed)
    << "not from the cache either";
  auto kept = person(1);
  auto bytes = keys().get_or_make(kept, now_).bytes;
  keys().commit();
  keys().destroy(kept);
  keys().roll_back();
  EXPECT_EQ(keys().get(kept).bytes, bytes);
}

TEST_F(key_store_rules, destroys_a_moved_key_only_after_the_data) {
  auto name = person(1);
  keys().get_or_make(name, now_);
  keys().commit();
  keys().destroy_after_commit(name);
  keys().commit();
  EXPECT_TRUE(keys().exists(name)) << "the data is not committed yet";
  keys().data_committed();
  EXPECT_FALSE(keys().exists(name));
  auto kept = person(1);
  keys().get_or_make(kept, now_);
  keys().commit();
  keys().destroy_after_commit(kept);
  keys().roll_back();
  keys().data_committed();
  EXPECT_TRUE(keys().exists(kept));
}

TEST_F(key_store_rules, ends_a_tenant_with_all_its_leaves_and_no_other) {
  auto mine = person(1);
  auto theirs = person(2);
  keys().get_or_make(mine, now_);
  keys().get_or_make(theirs, now_);
  keys().commit();
  EXPECT_EQ(keys().destroy_tenant(tenant_id{1}), 2);
  keys().commit();
  EXPECT_FALSE(keys().exists(mine));
  EXPECT_FALSE(keys().exists(tenant_key(1)));
  EXPECT_TRUE(keys().exists(theirs));
}

TEST_F(key_store_rules, ends_journal_keys_by_day_and_tenant) {
  for (std::int64_t tenant : {1, 2})
    for (std::int64_t day = 250; day < 260; ++day)
      keys().get_or_make(journal_key(tenant_id{tenant}, day), now_);
  keys().commit();
  EXPECT_EQ(keys().destroy_journal_keys_before(tenant_id{1}, 257), 7)
    << "the order of days holds where a byte runs over";
  keys().commit();
  EXPECT_FALSE(keys().exists(journal_key(tenant_id{1}, 256)));
  EXPECT_TRUE(keys().exists(journal_key(tenant_id{1}, 257)));
  EXPECT_TRUE(keys().exists(journal_key(tenant_id{2}, 250)));
  auto before = keys().changes();
  EXPECT_EQ(keys().destroy_journal_keys_before(tenant_id{1}, 257), 0);
  EXPECT_EQ(keys().changes(), before) << "nothing to do costs no write";
}

TEST_F(key_store_rules, does_not_open_a_key_moved_to_another_place) {
  auto mine = person(1);
  auto theirs = person(2);
  keys().get_or_make(mine, now_);
  keys().get_or_make(theirs, now_);
  keys().commit();
  database_->keys().forget_all();
  keys().db().execute(
    "UPDATE wrapped_key SET wrapped = (SELECT wrapped FROM wrapped_key "
    "WHERE tenant_id = 1 AND kind = 5) WHERE tenant_id = 2 AND kind = 5");
  EXPECT_EQ(code_of([&] { keys().get(theirs); }), errc::wrong_key);
}

TEST_F(key_store_rules, leave_no_destroyed_key_in_memory) {
  auto name = person(1);
  keys().get_or_make(name, now_);
  keys().commit();
  auto other = database_->open_session(true);
  keys().destroy(name);
  other.keys.get(name); // It still sees the file as it was, and keeps the key.
  keys().commit();
  EXPECT_FALSE(database_->keys().find(name));
  EXPECT_EQ(code_of([&] { other.keys.get(name); }), errc::key_destroyed);
}

TEST(key_cache, keeps_nothing_that_was_read_before_something_was_forgotten) {
  key_cache cache{8};
  fakes::seeded_random random{1};
  auto name = journal_key(tenant_id{1}, 1);
  auto since = cache.mark();
  cache.forget(name);
  cache.keep_if_none_forgotten(name, crypto::make_key(random), since);
  EXPECT_FALSE(cache.find(name));
  cache.keep_if_none_forgotten(name, crypto::make_key(random), cache.mark());
  EXPECT_TRUE(cache.find(name));
}

TEST(key_cache, forgets_the_longest_unused_when_full) {
  key_cache cache{8};
  fakes::seeded_random random{1};
  auto name = [](std::int64_t n) { return journal_key(tenant_id{1}, n); };
  cache.keep(name(0), crypto::make_key(random));
  for (std::int64_t n = 1; n < 40; ++n) {
    cache.keep(name(n), crypto::make_key(random));
    EXPECT_TRUE(cache.find(name(0))) << "used all the time";
  }
  EXPECT_FALSE(cache.find(name(1)));
  EXPECT_TRUE(cache.find(name(39)));
}

TEST(key_cache, forgets_a_key_in_whatever_generation_it_is) {
  key_cache cache{8};
  fakes::seeded_random random{1};
  for (std::int64_t n = 0; n < 6; ++n)
    cache.keep(journal_key(tenant_id{1}, n), crypto::make_key(random));
  for (std::int64_t n = 0; n < 6; ++n) {
    cache.forget(journal_key(tenant_id{1}, n));
    EXPECT_FALSE(cache.find(journal_key(tenant_id{1}, n)));
  }
}

} // namespace
} // namespace assistly::storage
