#include "storage/backup.hpp"

#include "storage/node_values.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"
#include "storage/sync_path.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace assistly::storage {

namespace fs = std::filesystem;

namespace {

constexpr sql::query copy_into{"VACUUM INTO $1"};

outcome<void> make_empty(const fs::path& file) {
  int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return io_fault("make", file, errno);
  ::close(fd);
  return {};
}

/// A copy that says when it was taken; the live data never says it.
outcome<void> copy_whole(database& db, const fs::path& to, timestamp taken_at) {
  try {
    {
      auto s = db.open_session(true);
      sql::run_node(*s.db, copy_into, std::string_view{to.string()});
    }
    auto copy = sql::open_sqlite(to.string(), {});
    set_node_value(*copy, backup_mark, std::to_string(to_unix_ms(taken_at)));
    if (!sql::checkpoint_sqlite(*copy, true).whole)
      return fault{errc::io_failed, "the copy could not be finished"};
    if (sql::is_intact(*copy))
      return {};
    return fault{errc::storage_failed,
                 "the copy is damaged, so perhaps is the database; run "
                 "assistly check --deep"};
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
}

outcome<std::int64_t> write_file(database& db, const fs::path& to,
                                 timestamp taken_at) {
  auto partial = to;
  partial += ".partial";
  auto done = make_empty(partial);
  if (done)
    done = copy_whole(db, partial, taken_at);
  if (done)
    done = sync_file(partial);
  std::error_code ec;
  auto bytes = done ? fs::file_size(partial, ec) : 0;
  if (done)
    fs::rename(partial, to, ec);
  if (done && ec)
    done = io_fault("make", to, ec.value());
  if (!done) {
    // The reason is what counts; a left-over is written over by the next one.
    for (const auto* end : {"", "-wal", "-shm", "-journal"})
      fs::remove(partial.string() + end, ec);
    return done.error();
  }
  if (auto kept = sync_folder_of(to); !kept)
    return kept.error();
  return static_cast<std::int64_t>(bytes);
}

} // namespace

outcome<backup_facts> write_backup(database& db, writer& w, clock_source& clock,
                                   const fs::path& to) {
  if (!db.is_file())
    return fault{
      errc::not_permitted,
      "a PostgreSQL database is backed up by its own tools: pg_dump "
      "--schema=assistly for the data, and --schema=assistly_keys "
      "into a file that is kept elsewhere; docs/storage.md says how"};
  std::error_code ec;
  if (fs::exists(to, ec))
    return fault{errc::conflict,
                 to.string() + " is there already; choose another name"};
  backup_facts facts;
  facts.taken_at = clock.now();
  // Whoever restores can tell by it whether a key store lacks keys of this
  // copy.
  auto stamped = w.run([&](work& unit) {
    unit.keys.get_or_make(backup_key(facts.taken_at), facts.taken_at);
  });
  if (!stamped)
    return stamped.error();
  auto bytes = write_file(db, to, facts.taken_at);
  if (!bytes)
    return bytes.error();
  facts.bytes = *bytes;
  return facts;
}

} // namespace assistly::storage
