#include "storage/sync_path.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace assistly::storage {

namespace fs = std::filesystem;

namespace {

outcome<void> sync_path(const fs::path& path, int flags) {
  int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0)
    return io_fault("open", path, errno);
  int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0)
    return io_fault("write", path, failed);
  return {};
}

} // namespace

outcome<void> sync_file(const fs::path& file) {
  return sync_path(file, O_RDONLY);
}

outcome<void> sync_folder_of(const fs::path& file) {
  return sync_path(fs::absolute(file).parent_path(), O_RDONLY | O_DIRECTORY);
}

fault io_fault(const char* doing, const fs::path& file, int code) {
  return {code == ENOSPC ? errc::storage_full : errc::io_failed,
          std::string{"cannot "} + doing + " " + file.string() + ": "
            + std::strerror(code)};
}

} // namespace assistly::storage
