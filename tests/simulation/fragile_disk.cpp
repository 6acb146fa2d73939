#include "tests/simulation/fragile_disk.hpp"

#include <cstring>
#include <new>
#include <optional>
#include <sqlite3.h>
#include <stdexcept>
#include <string_view>

namespace assistly::simulation {

struct fragile_disk::state {
  sqlite3_vfs vfs{};
  sqlite3_vfs* own = nullptr;
  bool cut = false;
  std::optional<int> writes_left;
};

namespace {

/// SQLite gives room for this and the real file behind it.
struct wrapped_file {
  sqlite3_file base;
  fragile_disk::state* disk;
  bool log;

  sqlite3_file* real() noexcept {
    return reinterpret_cast<sqlite3_file*>(this + 1);
  }
};

wrapped_file& of(sqlite3_file* f) noexcept {
  return *reinterpret_cast<wrapped_file*>(f);
}

const sqlite3_io_methods& methods(sqlite3_file* f) noexcept {
  return *of(f).real()->pMethods;
}

int close_file(sqlite3_file* f) {
  return methods(f).xClose(of(f).real());
}

int read_file(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
  return methods(f).xRead(of(f).real(), to, size, at);
}

int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
  auto& disk = *of(f).disk;
  if (of(f).log && disk.writes_left && (*disk.writes_left)-- <= 0)
    disk.cut = true;
  if (disk.cut)
    return SQLITE_IOERR_WRITE;
  return methods(f).xWrite(of(f).real(), from, size, at);
}

int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
  if (of(f).disk->cut)
    return SQLITE_IOERR_TRUNCATE;
  return methods(f).xTruncate(of(f).real(), size);
}

int sync_file(sqlite3_file* f, int flags) {
  if (of(f).disk->cut)
    return SQLITE_IOERR_FSYNC;
  return methods(f).xSync(of(f).real(), flags);
}

int size_of_file(sqlite3_file* f, sqlite3_int64* size) {
  return methods(f).xFileSize(of(f).real(), size);
}

int lock_file(sqlite3_file* f, int level) {
  return methods(f).xLock(of(f).real(), level);
}

int unlock_file(sqlite3_file* f, int level) {
  return methods(f).xUnlock(of(f).real(), level);
}

int is_reserved(sqlite3_file* f, int* result) {
  return methods(f).xCheckReservedLock(of(f).real(), result);
}

int control_file(sqlite3_file* f, int what, void* argument) {
  return methods(f).xFileControl(of(f).real(), what, argument);
}

int sector_size(sqlite3_file* f) {
  return methods(f).xSectorSize(of(f).real());
}

int characteristics(sqlite3_file* f) {
  return methods(f).xDeviceCharacteristics(of(f).real());
}

int map_shared(sqlite3_file* f, int page, int size, int extend,
               volatile void** where) {
  return methods(f).xShmMap(of(f).real(), page, size, extend, where);
}

/// Granted without asking: one thread never meets itself, and a system call for
/// each was a fifth of a run.
int lock_shared(sqlite3_file*, int, int, int) {
  return SQLITE_OK;
}

void barrier(sqlite3_file* f) {
  methods(f).xShmBarrier(of(f).real());
}

int unmap_shared(sqlite3_file* f, int remove) {
  return methods(f).xShmUnmap(of(f).real(), remove);
}

// Version 2: with shared memory for the log, without memory-mapped reads.
constexpr sqlite3_io_methods wrapped_methods{2,
                                             close_file,
                                             read_file,
                                             write_file,
                                             truncate_file,
                                             sync_file,
                                             size_of_file,
                                             lock_file,
                                             unlock_file,
                                             is_reserved,
                                             control_file,
                                             sector_size,
                                             characteristics,
                                             map_shared,
                                             lock_shared,
                                             barrier,
                                             unmap_shared,
                                             nullptr,
                                             nullptr};

fragile_disk::state& disk_of(sqlite3_vfs* vfs) noexcept {
  return *static_cast<fragile_disk::state*>(vfs->pAppData);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* f, int flags,
              int* got) {
  auto& disk = disk_of(vfs);
  auto* mine = new (f) wrapped_file{{nullptr}, &disk, false};
  mine->log = (flags & SQLITE_OPEN_WAL) != 0;
  std::memset(mine->real(), 0, sizeof(sqlite3_file));
  int code = disk.own->xOpen(disk.own, name, mine->real(), flags, got);
  if (mine->real()->pMethods)
    f->pMethods = &wrapped_methods;
  return code;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync) {
  auto& disk = disk_of(vfs);
  if (disk.cut)
    return SQLITE_IOERR_DELETE;
  return disk.own->xDelete(disk.own, name, sync);
}

} // namespace

fragile_disk::fragile_disk() : state_(std::make_unique<state>()) {
  auto& s = *state_;
  s.own = sqlite3_vfs_find(nullptr);
  if (!s.own)
    throw std::runtime_error{"SQLite knows no file system"};
  // All it does not override works on names alone, and stays the machine's.
  s.vfs = *s.own;
  s.vfs.zName = "fragile";
  s.vfs.pNext = nullptr;
  s.vfs.szOsFile = static_cast<int>(sizeof(wrapped_file)) + s.own->szOsFile;
  s.vfs.pAppData = state_.get();
  s.vfs.xOpen = open_file;
  s.vfs.xDelete = delete_file;
  if (sqlite3_vfs_register(&s.vfs, 1) != SQLITE_OK)
    throw std::runtime_error{"SQLite takes no other file system"};
}

fragile_disk::~fragile_disk() {
  sqlite3_vfs_unregister(&state_->vfs);
  sqlite3_vfs_register(state_->own, 1);
}

void fragile_disk::cut_after(int writes) noexcept {
  state_->writes_left = writes;
}

void fragile_disk::cut() noexcept {
  state_->cut = true;
}

bool fragile_disk::is_cut() const noexcept {
  return state_->cut;
}

void fragile_disk::mend() noexcept {
  state_->cut = false;
  state_->writes_left.reset();
}

} // namespace assistly::simulation
