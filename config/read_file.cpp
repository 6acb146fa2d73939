#include "config/read_file.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace assistly::config {

namespace {

struct file_handle {
  int number;

  explicit file_handle(int opened) : number(opened) {}

  ~file_handle() {
    if (number >= 0)
      ::close(number);
  }

  file_handle(const file_handle&) = delete;
  file_handle& operator=(const file_handle&) = delete;
};

fault reason(const std::filesystem::path& file, int error) {
  const std::string name = "the file " + file.string();
  switch (error) {
  case ENOENT:
  case ENOTDIR:
    return {errc::not_found, name + " does not exist"};
  case EACCES:
  case EPERM:
    return {errc::io_failed, name + " may not be read by this user"};
  case EISDIR:
    return {errc::io_failed, name + " is a folder"};
  default:
    return {errc::io_failed, name + " cannot be read"};
  }
}

} // namespace

outcome<std::string> read_file(const std::filesystem::path& file,
                               std::size_t most_bytes) {
  const file_handle opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (opened.number < 0)
    return reason(file, errno);
  std::string out;
  std::array<char, 65536> chunk{};
  for (;;) {
    const ssize_t got = ::read(opened.number, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return reason(file, errno);
    if (got == 0)
      return out;
    out.append(chunk.data(), static_cast<std::size_t>(got));
    if (out.size() > most_bytes)
      return fault{errc::io_failed, "the file " + file.string()
                                      + " is larger than "
                                      + std::to_string(most_bytes) + " bytes"};
  }
}

outcome<std::string> read_secret_file(const std::filesystem::path& file) {
  auto text = read_file(file, 65536);
  if (!text)
    return text;
  std::string line = text->substr(0, text->find('\n'));
  if (line.ends_with('\r'))
    line.pop_back();
  if (line.empty())
    return fault{errc::io_failed,
                 "the first line of the file " + file.string() + " is empty"};
  return line;
}

std::filesystem::path below(const std::filesystem::path& folder,
                            std::string_view given) {
  if (given.empty())
    return {};
  return (folder / std::filesystem::path{given}).lexically_normal();
}

} // namespace assistly::config
