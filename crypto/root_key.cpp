#include "crypto/root_key.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace assistly::crypto {
namespace {

namespace fs = std::filesystem;

// Three lines: this header, the key in base64, the checksum of both lines. The
// checksum is there for a file cut short or mistyped, not against attackers.
constexpr std::string_view header = "assistly root key v1";
constexpr std::string_view any_version = "assistly root key v";

fault io_fault(const fs::path& file, std::string_view doing, int error) {
  return {errc::io_failed, "root key file " + file.string() + ": cannot "
                             + std::string{doing} + ": "
                             + std::generic_category().message(error)};
}

fault damaged(const fs::path& file, std::string_view how) {
  return {errc::invalid,
          "root key file " + file.string() + " is not whole ("
            + std::string{how}
            + "). Restore it from your own copy; only if the database is still "
              "empty, remove the file and a new one is made"};
}

/// A file descriptor that is closed when it ends.
class descriptor {
public:
  explicit descriptor(int fd) noexcept : fd_(fd) {}

  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  int get() const noexcept {
    return fd_;
  }

  explicit operator bool() const noexcept {
    return fd_ >= 0;
  }

private:
  int fd_;
};

/// The text of a file, wiped when it ends.
struct secret_buffer {
  std::string text;

  secret_buffer() = default;
  secret_buffer(const secret_buffer&) = delete;
  secret_buffer& operator=(const secret_buffer&) = delete;

  ~secret_buffer() {
    wipe(text);
  }
};

std::string checksum(std::string_view two_lines) {
  const auto digest = sha256(two_lines);
  return to_hex(std::span{digest}.first(8));
}

void render(const key256& key, secret_buffer& into) {
  // Reserved at once: growing would leave copies of the key behind.
  into.text.reserve(256);
  into.text.append(header).append("\n");
  secret_buffer encoded;
  encoded.text = to_base64(key.bytes);
  into.text.append(encoded.text).append("\n");
  into.text.append(checksum(into.text)).append("\n");
}

/// 0 or the errno.
int write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// 0 or the errno. A new file is only there to stay once its folder is synced.
int sync_folder(const fs::path& folder) noexcept {
  descriptor dir{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!dir || ::fsync(dir.get()) != 0)
    return errno;
  return 0;
}

fs::path folder_of(const fs::path& file) {
  auto folder = file.parent_path();
  return folder.empty() ? fs::path{"."} : folder;
}

/// Reads at most a little more than any key file holds. 0 or the errno.
int read_start(int fd, std::string& into) {
  into.resize(512);
  std::size_t size = 0;
  while (size < into.size()) {
    auto got = ::read(fd, into.data() + size, into.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return errno;
    if (got == 0)
      break;
    size += static_cast<std::size_t>(got);
  }
  into.resize(size);
  return 0;
}

outcome<key256> parse(const fs::path& file, std::string_view text) {
  if (!text.starts_with(any_version))
    return damaged(file, "it does not begin like a root key file");
  auto first_end = text.find('\n');
  if (first_end == text.npos)
    return damaged(file, "it was cut short");
  if (text.substr(0, first_end) != header)
    return fault{errc::invalid, "root key file " + file.string()
                                  + " is of a version this program does not "
                                    "know; start the program that wrote it"};
  auto second_end = text.find('\n', first_end + 1);
  if (second_end == text.npos)
    return damaged(file, "it was cut short");
  auto sum = text.substr(second_end + 1);
  if (sum.ends_with('\n'))
    sum.remove_suffix(1);
  if (sum != checksum(text.substr(0, second_end + 1)))
    return damaged(file, "its checksum does not fit");

  auto decoded =
    from_base64(text.substr(first_end + 1, second_end - first_end - 1));
  secret_buffer bytes;
  if (decoded)
    bytes.text.swap(*decoded);
  key256 key;
  if (bytes.text.size() != key.bytes.size())
    return damaged(file, "the key is not of 32 bytes");
  std::ranges::copy(as_bytes(bytes.text), key.bytes.begin());
  return key;
}

} // namespace

outcome<root_key> root_key::create(const fs::path& file,
                                   random_source& random) {
  auto folder = folder_of(file);
  std::error_code failed;
  if (fs::create_directories(folder, failed))
    fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed)
    return io_fault(file, "make its folder", failed.value());

  descriptor made{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                         S_IRUSR | S_IWUSR)};
  if (!made && errno == EEXIST)
    return fault{errc::conflict, "root key file " + file.string()
                                   + " exists already and is not overwritten"};
  if (!made)
    return io_fault(file, "make it", errno);

  root_key key{make_key(random)};
  secret_buffer content;
  render(key.key_, content);
  int error = write_all(made.get(), content.text);
  if (error == 0 && ::fsync(made.get()) != 0)
    error = errno;
  if (error == 0)
    error = sync_folder(folder);
  if (error != 0) {
    // Nothing was sealed with it yet, and half a file would block the next
    // start.
    ::unlink(file.c_str());
    return io_fault(file, "write it", error);
  }
  return key;
}

outcome<root_key> root_key::load(const fs::path& file) {
  descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!opened && errno == ENOENT)
    return fault{errc::not_found,
                 "root key file " + file.string()
                   + " is missing. Put back your own copy, or set keys.file to "
                     "where it is; without it the database cannot be read"};
  if (!opened)
    return io_fault(file, "open it", errno);

  struct stat status {};

  if (::fstat(opened.get(), &status) != 0)
    return io_fault(file, "look at it", errno);
  if (!S_ISREG(status.st_mode))
    return fault{errc::invalid,
                 "root key file " + file.string() + " is not a regular file"};
  if ((status.st_mode & 07777 & ~0600U) != 0)
    return fault{errc::not_permitted, "root key file " + file.string()
                                        + " may be used by others than its "
                                          "owner; run: chmod 600 "
                                        + file.string()};
  secret_buffer content;
  if (int error = read_start(opened.get(), content.text); error != 0)
    return io_fault(file, "read it", error);
  auto key = parse(file, content.text);
  if (!key)
    return key.error();
  return root_key{*key};
}

key256 root_key::derive(std::string_view label) const noexcept {
  key256 derived;
  hkdf_sha256(key_.bytes, {}, label, derived.bytes);
  return derived;
}

std::string root_key::fingerprint() const {
  auto full = derive("assistly v1 fingerprint");
  return to_hex(std::span{full.bytes}.first(16));
}

// The labels below must never change: each is part of the key it makes.

key256 root_key::wrapping_key() const noexcept {
  return derive("assistly v1 wrapping");
}

key256 root_key::directory_key() const noexcept {
  return derive("assistly v1 directory");
}

key256 root_key::quarantine_key() const noexcept {
  return derive("assistly v1 quarantine");
}

key256 root_key::ledger_seed() const noexcept {
  return derive("assistly v1 ledger");
}

} // namespace assistly::crypto
