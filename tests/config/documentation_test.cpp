#include "config/documentation.hpp"
#include "config/options.hpp"
#include "config/read_file.hpp"
#include "config/settings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace assistly::config {
namespace {

std::string shipped_file() {
  auto text = read_file(ASSISTLY_SOURCE_DIR "/config/assistly.toml",
                        std::size_t{1} << 20);
  EXPECT_TRUE(text);
  return text ? *text : std::string{};
}

TEST(documented_file, is_the_one_that_is_shipped) {
  EXPECT_EQ(shipped_file(), documented_file())
    << "the table of options changed: write config/assistly.toml again";
}

TEST(documented_file, names_every_key_and_its_variable) {
  const std::string text = shipped_file();
  for (const option& each : all_options()) {
    const std::string name{each.key.substr(each.key.find('.') + 1)};
    EXPECT_NE(text.find('\n' + name + " = "), std::string::npos) << each.key;
    EXPECT_NE(text.find("# " + variable_of(each.key) + '\n'), std::string::npos)
      << each.key;
  }
}

// Reading a file marks its keys as given, so the two are compared value by
// value.
TEST(documented_file, means_the_same_as_no_file) {
  const auto read = parse_settings(shipped_file(), {}, {});
  ASSERT_TRUE(read) << (read.faults.empty() ? "" : to_string(read.faults[0]));
  EXPECT_TRUE(read.warnings.empty());
  settings from_file = *read.value;
  settings defaults = default_settings();
  for (const option& each : all_options())
    std::visit(
      [&](auto* file) {
        using place = std::remove_pointer_t<decltype(file)>;
        const auto& fallback = *std::get<place*>(each.slot(defaults));
        if constexpr (std::is_same_v<place, secret_text>)
          EXPECT_EQ(file->reveal(), fallback.reveal()) << each.key;
        else if constexpr (std::is_same_v<place, std::vector<secret_text>>)
          EXPECT_EQ(file->size(), fallback.size()) << each.key;
        else
          EXPECT_TRUE(*file == fallback) << each.key;
      },
      each.slot(from_file));
}

TEST(documented_file, has_no_line_longer_than_eighty_characters) {
  const std::string kept = shipped_file();
  std::string_view text = kept;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    EXPECT_LE(end, 82U) << text.substr(0, end);
    text.remove_prefix(end + 1);
  }
}

TEST(option_help, has_one_line_for_each_option) {
  const std::string text = option_help();
  EXPECT_EQ(
    static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
    all_options().size());
  EXPECT_NE(text.find("  http.listen = \"127.0.0.1:8080\" "),
            std::string::npos);
}

} // namespace
} // namespace assistly::config
