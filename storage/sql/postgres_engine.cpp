#include "storage/sql/postgres_engine.hpp"

#include "storage/sql/postgres.hpp"
#include "storage/sql/postgres_link.hpp"

#include <array>
#include <utility>

namespace assistly::sql {

namespace {

constexpr const char* lock_node = "SELECT pg_advisory_lock(7166465)";
constexpr const char* short_wait = "SET lock_timeout = '5s'";
constexpr const char* who_and_where =
  "SELECT current_setting('server_version_num')::int8, "
  "gen_random_uuid()::text";
constexpr const char* durable =
  "SELECT current_setting('fsync'), current_setting('full_page_writes'), "
  "current_setting('synchronous_commit'), "
  "current_setting('synchronous_standby_names'), "
  "(SELECT rolsuper OR rolbypassrls FROM pg_roles "
  "WHERE rolname = current_user)";
constexpr const char* find_store =
  "SELECT 1 FROM pg_class WHERE relname = 'schema_version' "
  "AND relnamespace = to_regnamespace($1)";

constexpr std::int64_t oldest_server = 150'000;

/// Every table of a tenant's is behind it, whoever adds one: rows of the tenant
/// that the transaction named, or all where it named -1; none where it named
/// nobody. FORCE, for the tables belong to the role that works on them.
constexpr std::string_view second_wall = R"(
DO $wall$
DECLARE
  t regclass;
BEGIN
  FOR t IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_attribute a
      ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relnamespace = to_regnamespace(current_schema())
      AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant_alone ON %s USING (tenant_id = '
      'nullif(current_setting(''assistly.tenant'', true), '''')::bigint OR '
      'nullif(current_setting(''assistly.tenant'', true), '''')::bigint = -1)',
      t);
  END LOOP;
END
$wall$;
)";

const char* schema_name(store which) {
  return which == store::data ? "assistly" : "assistly_keys";
}

/// What a node writes by before anything else is there: one row that says how
/// many batches were committed, and whose they may be.
std::string mark_script(const std::string& schema) {
  return "DO $make$ BEGIN IF to_regnamespace('" + schema
         + "') IS NULL THEN CREATE SCHEMA " + schema
         + "; END IF; END $make$; "
           "CREATE TABLE IF NOT EXISTS "
         + schema
         + ".commit_mark(one bigint PRIMARY KEY CHECK (one = 1), "
           "number bigint NOT NULL, owner text NOT NULL); "
           "INSERT INTO "
         + schema
         + ".commit_mark(one, number, owner) VALUES(1, 0, '') "
           "ON CONFLICT DO NOTHING";
}

/// There is no log to shorten: the server sees to it. Dead rows of the key
/// store are taken out of its pages.
class postgres_log final : public log_keeper {
public:
  explicit postgres_log(connection& keys) : keys_(&keys) {}

  bool committed() override {
    return false;
  }

  outcome<void> empty() override {
    try {
      keys_->execute("VACUUM wrapped_key");
      return {};
    } catch (const failure& e) {
      return fault{errc::busy, e.what()};
    }
  }

private:
  connection* keys_;
};

class postgres_engine final : public engine {
public:
  explicit postgres_engine(std::string url) : url_(std::move(url)) {}

  std::string name(store which) const override {
    return place_in(url_) + ", schema " + schema_name(which);
  }

  std::vector<std::filesystem::path> files() const override {
    return {};
  }

  outcome<void> lock() override {
    reach(guard_);
    auto told = ask(guard_, who_and_where);
    if (integer_of(told.get(), 0, 0).value_or(0) < oldest_server)
      return fault{errc::not_permitted,
                   name(store::data)
                     + " is older than PostgreSQL 15; upgrade the server"};
    owner_ = PQgetvalue(told.get(), 0, 1);
    ask(guard_, short_wait);
    postgres_text text{lock_node, "guard", 0};
    guard_.queue(text, {});
    auto got = guard_.wait();
    if (!got.trouble)
      return {};
    if (got.trouble->state != "55P03")
      throw failure{errc::storage_failed,
                    "the lock on " + name(store::data) + " failed"};
    return fault{errc::conflict, "the database is in use by another server ("
                                   + name(store::data) + "); stop it first"};
  }

  bool is_there(store which) override {
    if (guard_.is_lost())
      reach(guard_);
    postgres_value schema{postgres_value::form::text, schema_name(which)};
    return PQntuples(ask(guard_, find_store, {&schema, 1}).get()) > 0;
  }

  std::unique_ptr<connection> open(store which, access how) override {
    postgres_options o;
    o.url = url_;
    o.schema = schema_name(which);
    o.read_only = how != access::write;
    o.owner = owner_;
    auto c = open_postgres(o);
    auto& owned = owned_[which == store::keys];
    if (how == access::write && !owned) {
      if (!c->has_table("commit_mark"))
        c->execute(mark_script(o.schema).c_str());
      // Whoever wrote here before writes nothing from now on.
      c->execute(("UPDATE commit_mark SET owner = '" + owner_ + "'").c_str());
      owned = true;
    }
    return c;
  }

  std::string schema(std::string_view script) const override {
    static constexpr std::pair<std::string_view, std::string_view> tokens[] = {
      {"@INTEGER", "bigint"},
      {"@BYTES", "bytea"},
      {"@TEXT", "text COLLATE \"C\""},
      {"@KEPT", ""},
      {"@CLUSTERED", ""},
    };
    std::string result{script};
    for (auto [token, type] : tokens)
      for (auto at = result.find(token); at != std::string::npos;
           at = result.find(token, at + type.size()))
        result.replace(at, token.size(), type);
    result += second_wall;
    return result;
  }

  std::unique_ptr<log_keeper> keep_log(connection&, connection& keys,
                                       const log_limits&) override {
    return std::make_unique<postgres_log>(keys);
  }

  std::vector<engine_warning> warnings() override;

private:
  void reach(postgres_link& link) const {
    std::string why;
    if (!link.open(url_, why))
      throw failure{errc::storage_failed,
                    "the database cannot be reached: " + why
                      + "; look at storage.url, and whether the server runs"};
  }

  static postgres_result ask(postgres_link& link, const char* text,
                             std::span<const postgres_value> values = {}) {
    // Without a name: the server forgets it with the next.
    postgres_text t{text, "", 0};
    link.queue(t, values);
    auto a = link.wait();
    if (a.trouble)
      throw failure{errc::storage_failed,
                    "the database did not answer (PostgreSQL "
                      + a.trouble->state + ")"};
    return std::move(a.rows);
  }

  std::string url_;
  std::string owner_;
  std::array<bool, 2> owned_{};
  /// Holds the lock while it lives.
  postgres_link guard_;
};

std::vector<engine_warning> postgres_engine::warnings() {
  postgres_link link;
  reach(link);
  auto told = ask(link, durable);
  auto is = [&](int column, const char* value) {
    return std::string_view{PQgetvalue(told.get(), 0, column)} == value;
  };
  std::vector<engine_warning> all;
  auto warn = [&all](const char* what, const char* mend) {
    all.push_back({what, mend});
  };
  if (is(0, "off"))
    warn("COMMITS CAN BE LOST: the database server runs with fsync = off, so "
         "what was answered 200 is gone after a crash of its machine",
         "set fsync = on in the server's postgresql.conf and reload it");
  if (is(1, "off"))
    warn("COMMITS CAN BE LOST: the database server runs with "
         "full_page_writes = off, so a crash may leave torn pages",
         "set full_page_writes = on in the server's postgresql.conf and "
         "reload it");
  if (is(2, "off"))
    warn("COMMITS CAN BE LOST: synchronous_commit is off for this role, so "
         "what was answered 200 just before a crash of the server is gone",
         "ALTER ROLE … SET synchronous_commit = on, or in postgresql.conf");
  if (is(2, "local") && !is(3, ""))
    warn("COMMITS CAN BE LOST: synchronous_commit is local, so no standby is "
         "waited for, and one that takes over may lack what was answered 200",
         "ALTER ROLE … SET synchronous_commit = on, or in postgresql.conf");
  if (integer_of(told.get(), 0, 4).value_or(0) != 0)
    warn("the database role is a superuser or bypasses row-level security: the "
         "second wall between businesses does not hold",
         "connect with a role of its own, as docs/storage.md says");
  return all;
}

} // namespace

std::unique_ptr<engine> make_postgres_engine(const std::string& url) {
  return std::make_unique<postgres_engine>(url);
}

} // namespace assistly::sql
