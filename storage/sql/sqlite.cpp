#include "storage/sql/sqlite.hpp"

#include <sqlite3.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace assistly::sql {

namespace {

[[noreturn]] void fail(sqlite3* db, const char* doing) {
  int code = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
  auto what = errc::storage_failed;
  if ((code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE)
    what = errc::storage_full;
  else if ((code & 0xff) == SQLITE_CONSTRAINT)
    what = errc::conflict;
  // sqlite3_errmsg may quote a value of the statement; the code says enough.
  throw failure{what, std::string{doing} + ": " + sqlite3_errstr(code)
                        + " (SQLite " + std::to_string(code) + ")"};
}

/// SQLite counts every allocation of the process under one lock, for figures
/// nobody reads.
void count_no_allocations() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

/// A checkpoint writes its pages into the file and asks for all of them to be
/// on disk at its end; on a disk that serves one request after the other, the
/// log's next sync then stands behind thousands of pages. So every few pages
/// are synced at once, with a pause in which the others get their turn.
/// (bench/README.md has what that is worth.)
class small_writes {
public:
  /// `file` is the database file of a connection that one thread uses.
  static void use_for(sqlite3_file* file) {
    const auto& own = of(file->pMethods);
    if (file->pMethods == own.original_)
      file->pMethods = &own.methods_;
  }

private:
  static constexpr int pages = 32;
  static constexpr int pause_ms = 1;

  explicit small_writes(const sqlite3_io_methods* original)
    : original_(original), methods_(*original) {
    methods_.xWrite = &write;
  }

  /// There is one kind of file; the first call tells which.
  static const small_writes& of(const sqlite3_io_methods* original = nullptr) {
    static const small_writes only{original};
    return only;
  }

  static int write(sqlite3_file* file, const void* bytes, int count,
                   sqlite3_int64 at) {
    thread_local int written = 0;
    const auto& original = *of().original_;
    int code = original.xWrite(file, bytes, count, at);
    if (code != SQLITE_OK || ++written < pages)
      return code;
    written = 0;
    code = original.xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
    sqlite3_sleep(pause_ms);
    return code;
  }

  const sqlite3_io_methods* original_;
  sqlite3_io_methods methods_;
};

constexpr query savepoint{"SAVEPOINT u"};
constexpr query back_to_savepoint{"ROLLBACK TO u"};
constexpr query release_savepoint{"RELEASE u"};

constexpr int busy_wait_ms = 10'000;
constexpr int truncate_wait_ms = 5;

class sqlite_statement final : public statement {
public:
  sqlite_statement(sqlite3* db, const char* text) : db_(db) {
    if (sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt_,
                           nullptr)
        != SQLITE_OK)
      throw failure{errc::storage_failed, "a statement did not prepare: "
                                            + std::string{sqlite3_errmsg(db)}};
    int count = sqlite3_bind_parameter_count(stmt_);
    for (int n = 1; n <= count; ++n) {
      auto name = "$" + std::to_string(n);
      index_.push_back(sqlite3_bind_parameter_index(stmt_, name.c_str()));
    }
    copies_.resize(index_.size());
  }

  sqlite_statement(const sqlite_statement&) = delete;
  sqlite_statement& operator=(const sqlite_statement&) = delete;

  ~sqlite_statement() override {
    sqlite3_finalize(stmt_);
  }

  void bind_integer(int n, std::int64_t value) override {
    check(sqlite3_bind_int64(stmt_, at(n), value));
  }

  void bind_bytes(int n, std::string_view value) override {
    const auto& kept = keep(n, value);
    check(sqlite3_bind_blob64(stmt_, at(n), kept.data(), kept.size(),
                              SQLITE_STATIC));
  }

  void bind_text(int n, std::string_view value) override {
    const auto& kept = keep(n, value);
    check(sqlite3_bind_text64(stmt_, at(n), kept.data(), kept.size(),
                              SQLITE_STATIC, SQLITE_UTF8));
  }

  void bind_null(int n) override {
    check(sqlite3_bind_null(stmt_, at(n)));
  }

  bool step() override {
    switch (sqlite3_step(stmt_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      fail(db_, "a statement failed");
    }
  }

  void send() override {
    try {
      while (step()) {
      }
    } catch (const failure&) {
      reset();
      throw;
    }
    reset();
  }

  void reset() noexcept override {
    sqlite3_reset(stmt_);
    sqlite3_clear_bindings(stmt_);
  }

  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(stmt_, column);
  }

  std::string_view bytes(int column) const override {
    const void* start = sqlite3_column_blob(stmt_, column);
    auto size = static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column));
    return {static_cast<const char*>(start), start ? size : 0};
  }

  bool is_null(int column) const override {
    return sqlite3_column_type(stmt_, column) == SQLITE_NULL;
  }

private:
  int at(int n) const {
    auto slot = static_cast<std::size_t>(n - 1);
    if (slot >= index_.size() || index_[slot] == 0)
      throw failure{errc::internal, "a statement has no such parameter"};
    return index_[slot];
  }

  void check(int code) const {
    if (code != SQLITE_OK)
      fail(db_, "a value did not bind");
  }

  /// The caller's value may be gone before the first step, so the statement
  /// keeps its own copy, in a buffer that is used again.
  const std::string& keep(int n, std::string_view value) {
    at(n);
    return copies_[static_cast<std::size_t>(n - 1)].assign(value);
  }

  sqlite3* db_;
  sqlite3_stmt* stmt_ = nullptr;
  std::vector<int> index_;
  std::vector<std::string> copies_;
};

/// The file as SQLite takes it when it is told more than its path.
std::string unchanging_uri(const std::string& path) {
  std::string uri = "file:";
  for (char c : path)
    switch (c) {
    case '%':
      uri += "%25";
      break;
    case '?':
      uri += "%3f";
      break;
    case '#':
      uri += "%23";
      break;
    default:
      uri += c;
    }
  return uri + "?immutable=1";
}

class sqlite_connection final : public connection {
public:
  sqlite_connection(const std::string& path, const sqlite_options& options) {
    int flags =
      SQLITE_OPEN_NOMUTEX
      | (options.read_only ? SQLITE_OPEN_READONLY
                           : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      | (options.unchanging ? SQLITE_OPEN_URI : 0);
    count_no_allocations();
    sqlite3* opened = nullptr;
    int code = sqlite3_open_v2(
      (options.unchanging ? unchanging_uri(path) : path).c_str(), &opened,
      flags, nullptr);
    // Owned from here on, for what follows may throw.
    db_.reset(opened);
    if (code != SQLITE_OK)
      throw failure{errc::storage_failed,
                    "cannot open " + path + ": " + sqlite3_errstr(code)};
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, busy_wait_ms);
    if (!options.read_only) {
      execute("PRAGMA journal_mode=WAL");
      execute("PRAGMA synchronous=FULL");
      execute("PRAGMA secure_delete=ON");
      execute("PRAGMA wal_autocheckpoint=0");
    }
    if (options.small_writes) {
      sqlite3_file* file = nullptr;
      sqlite3_file_control(opened, "main", SQLITE_FCNTL_FILE_POINTER, &file);
      small_writes::use_for(file);
    }
    execute("PRAGMA temp_store=MEMORY");
    execute(
      ("PRAGMA cache_size=-" + std::to_string(options.cache_kib)).c_str());
  }

  sqlite_connection(const sqlite_connection&) = delete;
  sqlite_connection& operator=(const sqlite_connection&) = delete;

  statement& prepared(query q) override {
    auto& slot = statements_[q.text];
    if (!slot)
      slot = std::make_unique<sqlite_statement>(db_.get(), q.text);
    return *slot;
  }

  void execute(const char* script) override {
    if (sqlite3_exec(db_.get(), script, nullptr, nullptr, nullptr) != SQLITE_OK)
      fail(db_.get(), "a script failed");
  }

  void begin_write() override {
    execute("BEGIN IMMEDIATE");
  }

  void begin_read() override {
    execute("BEGIN");
  }

  void commit() override {
    execute("COMMIT");
  }

  void roll_back() noexcept override {
    // Refused only where there is nothing to roll back: it failed to begin, or
    // the engine has done it, as it does on a full disk.
    sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }

  // Prepared, for there is a pair of them around every unit.
  void begin_unit() override {
    prepared(savepoint).send();
  }

  void undo_unit() override {
    prepared(back_to_savepoint).send();
  }

  void end_unit() override {
    prepared(release_savepoint).send();
  }

  bool has_table(const char* name) override {
    sqlite_statement look{db_.get(),
                          "SELECT 1 FROM sqlite_schema WHERE name = $1"};
    look.bind_text(1, name);
    return look.step();
  }

  std::int64_t changes() const override {
    return sqlite3_changes64(db_.get());
  }

  std::int64_t all_changes() const override {
    return sqlite3_total_changes64(db_.get());
  }

  std::string plan(query q) override {
    sqlite_statement explain{
      db_.get(), (std::string{"EXPLAIN QUERY PLAN "} + q.text).c_str()};
    std::string lines;
    while (explain.step()) {
      lines += explain.bytes(3);
      lines += '\n';
    }
    return lines;
  }

  sqlite3* handle() const noexcept {
    return db_.get();
  }

private:
  struct close {
    void operator()(sqlite3* db) const noexcept {
      sqlite3_close_v2(db);
    }
  };

  std::unique_ptr<sqlite3, close> db_;
  // After the connection, so that statements end before it does.
  std::unordered_map<const char*, std::unique_ptr<sqlite_statement>>
    statements_;
};

} // namespace

bool is_intact(connection& c) {
  static constexpr query quick_check{"PRAGMA quick_check(1)"};
  auto& s = c.prepared(quick_check);
  bool whole = s.step() && s.bytes(0) == "ok";
  s.reset();
  return whole;
}

std::unique_ptr<connection> open_sqlite(const std::string& path,
                                        const sqlite_options& options) {
  return std::make_unique<sqlite_connection>(path, options);
}

std::string sqlite_schema(std::string_view script) {
  static constexpr std::pair<std::string_view, std::string_view> tokens[] = {
    {"@INTEGER", "INTEGER"},
    {"@BYTES", "BLOB"},
    {"@TEXT", "TEXT"},
    {"@KEPT", "STRICT"},
    {"@CLUSTERED", "STRICT, WITHOUT ROWID"},
  };
  std::string result{script};
  for (auto [token, type] : tokens)
    for (auto at = result.find(token); at != std::string::npos;
         at = result.find(token, at + type.size()))
      result.replace(at, token.size(), type);
  return result;
}

checkpoint_result checkpoint_sqlite(connection& c, bool truncate) {
  auto& own = static_cast<sqlite_connection&>(c);
  int log = -1;
  int done = -1;
  if (truncate)
    sqlite3_busy_timeout(own.handle(), truncate_wait_ms);
  int code = sqlite3_wal_checkpoint_v2(own.handle(), "main",
                                       truncate ? SQLITE_CHECKPOINT_TRUNCATE
                                                : SQLITE_CHECKPOINT_PASSIVE,
                                       &log, &done);
  if (truncate)
    sqlite3_busy_timeout(own.handle(), busy_wait_ms);
  return {log, done, code == SQLITE_OK};
}

} // namespace assistly::sql
