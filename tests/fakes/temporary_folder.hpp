/// A folder of a test's own, gone with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <string>

namespace assistly::fakes {

class temporary_folder {
public:
  temporary_folder() {
    auto pattern =
      (std::filesystem::temp_directory_path() / "assistly-test-XXXXXX")
        .string();
    if (!::mkdtemp(pattern.data()))
      throw std::runtime_error{"no temporary folder"};
    path_ = pattern;
  }

  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const noexcept {
    return path_;
  }

private:
  std::filesystem::path path_;
};

inline std::string read_whole(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

inline void write_whole(const std::filesystem::path& file,
                        const std::string& text) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << text;
}

} // namespace assistly::fakes
