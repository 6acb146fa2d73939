/// The rules of the house, held against the tree as it is.
#include "tests/architecture/breaches.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace assistly::architecture {
namespace {

namespace fs = std::filesystem;

template <class Check>
void expect_none(const std::vector<source_file>& files, Check check) {
  ASSERT_GT(files.size(), 50u) << "the tree was not found";
  for (const auto& file : files)
    for (const auto& breach : check(file))
      ADD_FAILURE() << breach;
}

std::vector<source_file> all_texts() {
  return read_tree({".hpp", ".cpp", ".sql", ".txt", ".cmake", ".md", ".toml",
                    ".json", ".ts", ".tsx", ".yaml", ".service", ".sh"});
}

TEST(the_tree, keeps_the_order_of_the_rooms) {
  expect_none(read_sources(), room_order);
}

TEST(the_tree, keeps_each_library_in_its_room) {
  expect_none(read_sources(), library_borders);
}

std::map<std::string, std::vector<std::string>> all_includes() {
  std::map<std::string, std::vector<std::string>> all;
  for (const auto& file : read_sources())
    all[file.path] = includes_of(file.text);
  return all;
}

TEST(the_tree, never_lets_a_file_see_actors_and_sockets_at_once) {
  auto includes = all_includes();
  for (const auto& [path, list] : includes) {
    auto seen = libraries_seen(path, includes);
    bool sockets = seen.contains("boost/beast") || seen.contains("boost/asio");
    EXPECT_FALSE(sockets && seen.contains("caf")) << path;
  }
}

TEST(the_tree, keeps_the_socket_library_in_two_translation_units) {
  auto includes = all_includes();
  std::vector<std::string> units;
  for (const auto& [path, list] : includes) {
    if (!path.ends_with(".cpp") || room_of(path) == "tests")
      continue;
    auto seen = libraries_seen(path, includes);
    if (seen.contains("boost/beast") || seen.contains("boost/asio"))
      units.push_back(path);
  }
  std::string named;
  for (const auto& unit : units)
    named += unit + " ";
  EXPECT_LE(units.size(), 2u) << "one server, one WebSocket: " << named;
}

TEST(the_tree, keeps_actors_out_of_sight_of_the_api) {
  auto includes = all_includes();
  for (const auto& [path, list] : includes) {
    if (room_of(path) != "api")
      continue;
    EXPECT_FALSE(libraries_seen(path, includes).contains("caf")) << path;
  }
}

TEST(the_tree, gives_a_reason_for_each_long_file) {
  expect_none(read_sources(), too_long);
}

TEST(the_tree, calls_nothing_by_an_empty_name) {
  expect_none(read_sources(), empty_names);
}

TEST(the_tree, promises_nothing_for_later) {
  expect_none(all_texts(), unfinished);
}

TEST(the_tree, names_no_path_of_a_machine) {
  expect_none(all_texts(), machine_paths);
}

TEST(the_tree, hides_no_clock_no_chance_and_no_sleep) {
  expect_none(read_sources(), hidden_time);
}

TEST(the_tree, has_a_name_for_every_enumerator) {
  std::map<std::string, std::set<std::string>> enumerations;
  auto files = read_sources();
  std::map<std::string, int> times;
  for (const auto& file : files)
    if (room_of(file.path) != "tests")
      for (auto& [name, values] : enumerators_of(file.text)) {
        ++times[name];
        enumerations[name].insert(values.begin(), values.end());
      }
  // Two enumerations of one name cannot be told apart by text.
  std::erase_if(enumerations,
                [&](const auto& e) { return times[e.first] > 1; });
  EXPECT_GE(enumerations.size(), 15u);
  expect_none(files, [&](const source_file& file) {
    return nameless_enumerators(file, enumerations);
  });
}

TEST(the_tree, opens_each_room_with_a_page) {
  fs::path root{ASSISTLY_SOURCE_DIR};
  for (const auto* room : {"model", "telemetry", "config", "crypto", "protocol",
                           "storage", "answers", "actors", "api", "sandbox",
                           "commands", "console", "tests", "bench"}) {
    auto page = root / room / "README.md";
    ASSERT_TRUE(fs::exists(page)) << room;
    EXPECT_GT(fs::file_size(page), 200u) << room;
  }
}

TEST(the_tree, begins_every_header_with_its_purpose_and_a_guard) {
  for (const auto& file : read_sources()) {
    if (!file.path.ends_with(".hpp"))
      continue;
    EXPECT_TRUE(file.text.starts_with("//")) << file.path;
    EXPECT_NE(file.text.find("#pragma once"), std::string::npos) << file.path;
  }
}

} // namespace
} // namespace assistly::architecture
