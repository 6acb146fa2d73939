#include "storage/sql/postgres.hpp"
#include "storage/sql/postgres_engine.hpp"
#include "storage/sql/run.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::sql {
namespace {

bool warns_of(const std::vector<engine_warning>& all, const std::string& what) {
  for (const auto& w : all)
    if (w.what.find(what) != std::string::npos && !w.mend.empty())
      return true;
  return false;
}

/// The same database by another role, or with a setting of its own.
std::string changed(std::string url, const std::string& from,
                    const std::string& to) {
  return url.replace(url.find(from), from.size(), to);
}

TEST(postgres_engine, warns_that_commits_can_be_lost) {
  fakes::own_database server;
  auto lax = changed(server.url(),
                     "?host=", "?options=-csynchronous_commit%3Doff&host=");
  auto told = make_postgres_engine(lax)->warnings();
  EXPECT_TRUE(warns_of(told, "synchronous_commit is off"));
  // The cluster of the tests is as quick as it is careless.
  EXPECT_TRUE(warns_of(told, "fsync = off"));
  EXPECT_FALSE(warns_of(make_postgres_engine(server.url())->warnings(),
                        "synchronous_commit"));
}

TEST(postgres_engine, warns_of_a_role_that_no_wall_holds) {
  fakes::own_database server;
  auto mighty = changed(server.url(), "//assistly@", "//postgres@");
  EXPECT_TRUE(warns_of(make_postgres_engine(mighty)->warnings(), "superuser"));
  EXPECT_FALSE(
    warns_of(make_postgres_engine(server.url())->warnings(), "superuser"));
}

TEST(postgres_engine, is_called_by_its_place_and_not_by_its_password) {
  auto engine = make_postgres_engine(
    "postgresql://someone:canary@db.example:5433/shop?sslmode=verify-full");
  EXPECT_EQ(engine->name(store::data),
            "PostgreSQL shop on db.example:5433, schema assistly");
  EXPECT_EQ(engine->name(store::keys),
            "PostgreSQL shop on db.example:5433, schema assistly_keys");
}

class postgres_node : public testing::Test {
protected:
  /// By a connection that names no tenant.
  std::int64_t careless(const std::string& schema, const std::string& text) {
    auto own = open_postgres({node_.server->url(), schema, true});
    auto& s = own->prepared({text.c_str()});
    auto n = s.step() ? s.integer(0) : -1;
    s.reset();
    return n;
  }

  fakes::storage_node node_;
};

TEST_F(postgres_node, shows_nothing_of_anybody_to_who_names_no_tenant) {
  auto c = *node_.hear(fakes::message("Hello", "m_1")).now;
  ASSERT_EQ(node_.turns(c.id).size(), 1u);
  for (const auto* table : {"tenant", "channel", "knowledge", "seen", "person",
                            "alias", "conversation", "turn"}) {
    auto count = std::string{"SELECT count(*) FROM "} + table;
    EXPECT_GT(node_.number(count), 0) << table << " has rows";
    EXPECT_EQ(careless("assistly", count), 0) << table;
  }
  EXPECT_EQ(careless("assistly_keys", "SELECT count(*) FROM wrapped_key"), 0);
}

TEST_F(postgres_node, leaves_no_table_of_a_tenant_outside_the_wall) {
  const std::string of_tenants =
    "SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "AND a.attname = 'tenant_id' JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname LIKE 'assistly%' AND c.relkind IN ('r', 'p')";
  EXPECT_GE(careless("assistly", of_tenants), 13);
  EXPECT_EQ(careless("assistly", of_tenants
                                   + " AND NOT (c.relrowsecurity AND "
                                     "c.relforcerowsecurity)"),
            0);
}

} // namespace
} // namespace assistly::sql
