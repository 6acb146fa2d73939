#include "storage/schema/migrations.hpp"

#include "storage/sql/run.hpp"

namespace assistly::embedded {

extern const std::string_view schema_0001_first;
extern const std::string_view schema_0001_keys;
extern const std::string_view schema_0002_dead_letters;
extern const std::string_view schema_0003_seen_by_second;

} // namespace assistly::embedded

namespace assistly::storage {

namespace {

constexpr sql::query make_version{
  "CREATE TABLE IF NOT EXISTS schema_version(number INTEGER NOT NULL)"};
constexpr sql::query read_version{
  "SELECT coalesce(max(number), 0) FROM schema_version"};
constexpr sql::query write_version{
  "INSERT INTO schema_version(number) VALUES($1)"};

} // namespace

std::span<const migration> data_migrations() {
  static const migration all[] = {{1, embedded::schema_0001_first},
                                  {2, embedded::schema_0002_dead_letters},
                                  {3, embedded::schema_0003_seen_by_second}};
  return all;
}

std::span<const migration> key_migrations() {
  static const migration all[] = {{1, embedded::schema_0001_keys}};
  return all;
}

int schema_version() {
  return data_migrations().back().number;
}

int schema_of(sql::connection& db) {
  if (!db.has_table("schema_version"))
    return 0;
  auto found = sql::ask_node(db, read_version);
  return found.next() ? static_cast<int>(found.integer(0)) : 0;
}

void migrate(sql::connection& db, const sql::engine& engine,
             std::span<const migration> all) {
  sql::run_node(db, make_version);
  int have = schema_of(db);
  if (have > all.back().number)
    throw sql::failure{errc::not_permitted,
                       "the database has schema " + std::to_string(have)
                         + ", this program knows "
                         + std::to_string(all.back().number)
                         + ": start the newer program that wrote it"};
  for (const auto& step : all) {
    if (step.number <= have)
      continue;
    db.begin_write();
    db.execute(engine.schema(step.script).c_str());
    sql::run_node(db, write_version, std::int64_t{step.number});
    db.commit();
  }
}

} // namespace assistly::storage
