#include "storage/sql/sqlite_engine.hpp"

#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"
#include "storage/sql/sqlite_log.hpp"

namespace assistly::sql {

namespace {

namespace fs = std::filesystem;

class sqlite_engine final : public engine {
public:
  explicit sqlite_engine(fs::path file) : file_(std::move(file)) {}

  std::string name(store which) const override {
    return which == store::data ? file_.string() : file_.string() + ".keys";
  }

  std::vector<fs::path> files() const override {
    return {name(store::data), name(store::keys)};
  }

  outcome<void> lock() override {
    return {};
  }

  bool is_there(store which) override {
    return fs::exists(name(which));
  }

  std::unique_ptr<connection> open(store which, access how) override {
    auto file = name(which);
    sqlite_options o;
    o.read_only = how != access::write;
    // A log is there while somebody writes, or after a crash; without one
    // nothing needs to be made beside the file to read it.
    o.unchanging = how == access::look && !fs::exists(file + "-wal");
    if (which == store::keys)
      o.cache_kib = 8 * 1024;
    else
      o.cache_kib = how == access::write ? 128 * 1024 : 16 * 1024;
    auto c = open_sqlite(file, o);
    // Few writes: the engine's own checkpoints are enough for the key file.
    if (which == store::keys && how == access::write)
      c->execute("PRAGMA wal_autocheckpoint=500");
    return c;
  }

  std::string schema(std::string_view script) const override {
    return sqlite_schema(script);
  }

  std::unique_ptr<log_keeper> keep_log(connection& data, connection& keys,
                                       const log_limits& limits) override {
    return keep_sqlite_log(data, keys, name(store::data), limits);
  }

  std::vector<engine_warning> warnings() override {
    return {};
  }

private:
  fs::path file_;
};

} // namespace

std::unique_ptr<engine> make_sqlite_engine(const fs::path& file) {
  return std::make_unique<sqlite_engine>(file);
}

} // namespace assistly::sql
