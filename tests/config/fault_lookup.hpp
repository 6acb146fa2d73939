/// What the tests of this room share: finding a fault, and a folder of their
/// own.
#pragma once

#include "config/fault.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace assistly::config {

/// The one fault of a key; a failed test if there is none or more than one.
inline config_fault fault_of(const std::vector<config_fault>& faults,
                             std::string_view key) {
  std::vector<config_fault> found;
  std::copy_if(faults.begin(), faults.end(), std::back_inserter(found),
               [&](const config_fault& each) { return each.key == key; });
  EXPECT_EQ(found.size(), 1U) << key;
  return found.empty() ? config_fault{} : found.front();
}

/// Every sentence, for looking for what must not stand there.
inline std::string all_text(const std::vector<config_fault>& faults) {
  std::string out;
  for (const config_fault& each : faults)
    out += to_string(each) + '\n';
  return out;
}

/// A folder that is gone with the test.
class test_folder {
public:
  test_folder()
    : path_(std::filesystem::temp_directory_path()
            / ("assistly-config-"
               + std::string{testing::UnitTest::GetInstance()
                               ->current_test_info()
                               ->name()}
               + '-' + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }

  ~test_folder() {
    std::error_code ignored; // A left-over folder in /tmp harms nobody.
    std::filesystem::remove_all(path_, ignored);
  }

  test_folder(const test_folder&) = delete;
  test_folder& operator=(const test_folder&) = delete;

  const std::filesystem::path& path() const {
    return path_;
  }

  std::filesystem::path write(const std::string& name,
                              std::string_view text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return path_ / name;
  }

private:
  std::filesystem::path path_;
};

} // namespace assistly::config
