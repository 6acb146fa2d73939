#include "tests/storage/test_server.hpp"

#include "storage/sql/postgres.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>
#include <vector>

namespace assistly::fakes {

namespace {

std::string url_of(const std::string& database) {
  auto url = test_server();
  if (!url)
    throw std::runtime_error{"ASSISTLY_TEST_POSTGRES names no server"};
  const std::string_view mark = "{database}";
  auto at = url->find(mark);
  if (at == std::string::npos)
    throw std::runtime_error{"ASSISTLY_TEST_POSTGRES has no {database}"};
  return url->replace(at, mark.size(), database);
}

void execute(const std::string& statement) {
  sql::open_postgres({url_of("postgres"), "public"})
    ->execute(statement.c_str());
}

/// Empties what a node made; fails for a database that holds anything else.
constexpr const char* empty_it = R"(
SELECT set_config('assistly.tenant', '-1', true);
DO $empty$
DECLARE
  t regclass;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  IF to_regclass('assistly.schema_version') IS NULL
      OR to_regclass('assistly_keys.schema_version') IS NULL
      OR to_regclass('assistly.t') IS NOT NULL
      OR EXISTS (SELECT FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace) THEN
    RAISE 'not a node''s';
  END IF;
  FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r'
      AND relnamespace IN ('assistly'::regnamespace,
                           'assistly_keys'::regnamespace)
      AND relname NOT IN ('schema_version', 'commit_mark')
  LOOP
    EXECUTE format('DELETE FROM %s', t);
  END LOOP;
END
$empty$)";

/// Databases of this process that are empty again: to make one takes longer
/// than most tests do.
struct empty_ones {
  ~empty_ones() {
    for (const auto& name : names)
      drop(name);
  }

  static void drop(const std::string& name) {
    try {
      execute("DROP DATABASE " + name + " WITH (FORCE)");
    } catch (const sql::failure&) {
      // It goes with the cluster.
    }
  }

  std::vector<std::string> names;
};

empty_ones& empty_databases() {
  static empty_ones all;
  return all;
}

} // namespace

std::optional<std::string> test_server() {
  const char* url = std::getenv("ASSISTLY_TEST_POSTGRES");
  return url && *url ? std::optional<std::string>{url} : std::nullopt;
}

own_database::own_database() {
  static std::atomic<int> count{0};
  if (auto& empty = empty_databases().names; !empty.empty()) {
    name_ = empty.back();
    empty.pop_back();
  } else {
    name_ = "t" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    execute("CREATE DATABASE " + name_);
  }
  url_ = url_of(name_);
}

own_database::~own_database() {
  try {
    sql::open_postgres({url_, "public"})->execute(empty_it);
    empty_databases().names.push_back(name_);
  } catch (const sql::failure&) {
    empty_ones::drop(name_);
  }
}

} // namespace assistly::fakes
