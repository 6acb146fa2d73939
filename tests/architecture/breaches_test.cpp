/// Each check finds its breach in made-up files, and lets the like of it pass.
#include "tests/architecture/breaches.hpp"

#include <gtest/gtest.h>

namespace assistly::architecture {
namespace {

source_file cpp(std::string path, std::string text) {
  return {std::move(path), std::move(text)};
}

std::string include(const std::string& what) {
  return "#include " + what + "\n";
}

TEST(includes_of, reads_both_kinds_and_no_comment) {
  auto all = includes_of("#include \"model/ids.hpp\"\n  # include <set>\n"
                         "// #include <map>\nint x;\n");
  EXPECT_EQ(all, (std::vector<std::string>{"\"model/ids.hpp\"", "<set>"}));
}

TEST(room_order, finds_a_step_upward_and_sideways) {
  for (auto [path, included] :
       {std::pair{"model/x.hpp", "config/options.hpp"},
        {"config/x.cpp", "crypto/seal.hpp"},
        {"config/x.cpp", "telemetry/log.hpp"},
        {"crypto/x.cpp", "storage/keys.hpp"},
        {"protocol/http/x.cpp", "storage/keys.hpp"},
        {"storage/x.cpp", "protocol/fetch/client.hpp"},
        {"storage/x.cpp", "answers/index.hpp"},
        {"answers/x.cpp", "crypto/seal.hpp"},
        {"actors/x.cpp", "api/routes.hpp"},
        {"api/x.cpp", "commands/serve.hpp"},
        {"sandbox/x.cpp", "storage/keys.hpp"},
        {"model/x.cpp", "tests/fakes/manual_clock.hpp"}})
    EXPECT_EQ(
      room_order(cpp(path, include("\"" + std::string{included} + "\"")))
        .size(),
      1u)
      << path << " " << included;
}

TEST(room_order, lets_a_step_downward_pass) {
  for (auto [path, included] : {std::pair{"config/x.cpp", "model/ids.hpp"},
                                {"storage/sql/x.cpp", "crypto/seal.hpp"},
                                {"actors/x.cpp", "storage/keys.hpp"},
                                {"api/x.cpp", "actors/interfaces.hpp"},
                                {"tests/x.cpp", "api/routes.hpp"},
                                {"main.cpp", "commands/serve.hpp"}})
    EXPECT_TRUE(
      room_order(cpp(path, include("\"" + std::string{included} + "\"")))
        .empty())
      << path << " " << included;
}

TEST(room_order, finds_an_include_that_is_not_from_the_root) {
  EXPECT_EQ(room_order(cpp("model/x.cpp", include("\"ids.hpp\""))).size(), 1u);
  EXPECT_EQ(
    room_order(cpp("model/x.cpp", include("\"../model/ids.hpp\""))).size(), 1u);
}

TEST(library_borders, finds_each_library_outside_its_room) {
  for (auto [path, header] : {std::pair{"api/x.cpp", "<caf/all.hpp>"},
                              {"protocol/http/x.cpp", "<caf/send.hpp>"},
                              {"api/x.cpp", "<boost/beast/http.hpp>"},
                              {"commands/x.cpp", "<boost/asio/io_context.hpp>"},
                              {"sandbox/x.cpp", "<simdjson.h>"},
                              {"commands/x.cpp", "<boost/json.hpp>"},
                              {"answers/x.cpp", "<curl/curl.h>"},
                              {"protocol/http/x.cpp", "<curl/curl.h>"},
                              {"storage/keys.cpp", "<sqlite3.h>"},
                              {"storage/sql/other.cpp", "<sqlite3.h>"},
                              {"storage/x.cpp", "<pqxx/pqxx>"},
                              {"storage/x.cpp", "<openssl/evp.h>"},
                              {"protocol/webhook/x.cpp", "<openssl/hmac.h>"},
                              {"api/x.cpp", "<sodium.h>"},
                              {"commands/x.cpp", "<toml++/toml.h>"},
                              {"actors/x.cpp", "<spdlog/spdlog.h>"},
                              {"protocol/x.cpp", "<unicode/uchar.h>"},
                              {"model/x.cpp", "<libstemmer.h>"},
                              {"main.cpp", "<CLI/CLI.hpp>"},
                              {"model/x.cpp", "<gtest/gtest.h>"},
                              {"model/x.cpp", "<benchmark/benchmark.h>"}})
    EXPECT_EQ(library_borders(cpp(path, include(header))).size(), 1u)
      << path << " " << header;
}

TEST(library_borders, lets_each_library_be_at_home) {
  for (auto [path, header] :
       {std::pair{"actors/x.cpp", "<caf/send.hpp>"},
        {"protocol/http/server.cpp", "<boost/beast/http.hpp>"},
        {"protocol/http/tls_context.hpp", "<openssl/ssl.h>"},
        {"protocol/graph/x.cpp", "<simdjson.h>"},
        {"protocol/fetch/x.cpp", "<curl/curl.h>"},
        {"storage/sql/sqlite.cpp", "<sqlite3.h>"},
        {"crypto/x.cpp", "<openssl/evp.h>"},
        {"config/x.cpp", "<toml++/toml.h>"},
        {"telemetry/x.cpp", "<spdlog/spdlog.h>"},
        {"answers/x.cpp", "<unicode/uchar.h>"},
        {"commands/x.cpp", "<CLI/CLI.hpp>"},
        {"tests/x.cpp", "<gtest/gtest.h>"},
        {"bench/x.cpp", "<benchmark/benchmark.h>"},
        {"model/x.cpp", "<string>"}})
    EXPECT_TRUE(library_borders(cpp(path, include(header))).empty())
      << path << " " << header;
}

TEST(libraries_seen, follows_includes_of_includes) {
  const std::map<std::string, std::vector<std::string>> includes{
    {"api/x.cpp", {"\"api/x.hpp\"", "<string>"}},
    {"api/x.hpp", {"\"actors/node.hpp\"", "\"api/x.hpp\""}},
    {"actors/node.hpp", {"<caf/actor.hpp>", "<boost/asio/post.hpp>"}},
  };
  EXPECT_EQ(libraries_seen("api/x.cpp", includes),
            (std::set<std::string>{"string", "caf", "boost/asio"}));
  EXPECT_TRUE(libraries_seen("api/none.cpp", includes).empty());
}

TEST(too_long, asks_for_a_reason_after_400_lines) {
  std::string lines;
  for (int i = 0; i < 400; ++i)
    lines += "int x;\n";
  EXPECT_TRUE(too_long(cpp("model/x.cpp", lines)).empty());
  lines += "int x;\n";
  EXPECT_EQ(too_long(cpp("model/x.cpp", lines)).size(), 1u);
  EXPECT_EQ(too_long(cpp("model/x.cpp", "/// About x.\n" + lines)).size(), 1u);
  EXPECT_TRUE(
    too_long(cpp("model/x.cpp", "/// Long because it is one table.\n" + lines))
      .empty());
  EXPECT_EQ(
    too_long(cpp("model/x.cpp", "/// About x.\n/// Long because …\n" + lines))
      .size(),
    1u)
    << "the first comment, not the second";
}

TEST(empty_names, finds_files_types_and_functions) {
  EXPECT_FALSE(empty_names(cpp("model/string_util.cpp", "")).empty());
  EXPECT_FALSE(empty_names(cpp("model/common/x.cpp", "")).empty());
  for (const auto* text :
       {"struct key_manager {};", "void test_helper();", "namespace utils {}",
        "int misc = 1;", "class manager {};"})
    EXPECT_EQ(empty_names(cpp("model/x.cpp", text)).size(), 1u) << text;
}

TEST(empty_names, lets_words_pass_that_only_contain_one) {
  for (const auto* text : {"#include <utility>\n", "std::common_type_t<int> x;",
                           "// a helper, in words\n", "auto s = \"util\";",
                           "int uncommon = 1;", "int utility = 1;"})
    EXPECT_TRUE(empty_names(cpp("model/x.cpp", text)).empty()) << text;
}

TEST(unfinished, finds_promises) {
  EXPECT_EQ(unfinished(cpp("a.cpp", std::string{"// TO"} + "DO: later")).size(),
            1u);
  EXPECT_EQ(unfinished(cpp("a.md", std::string{"FIX"} + "ME")).size(), 1u);
  EXPECT_TRUE(unfinished(cpp("a.cpp", "int done;")).empty());
}

TEST(machine_paths, finds_where_it_was_written) {
  EXPECT_EQ(
    machine_paths(cpp("a.cmake", std::string{"set(X /wo"} + "rk/main)")).size(),
    1u);
  EXPECT_EQ(machine_paths(cpp("a.md", std::string{"see /ro"} + "ot/x")).size(),
            1u);
  EXPECT_TRUE(
    machine_paths(cpp("a.md", std::string{"network/wo"} + "rk/x")).empty());
}

TEST(hidden_time, finds_clocks_chance_and_sleep) {
  EXPECT_EQ(hidden_time(
              cpp("actors/x.cpp", "auto t = std::chrono::system_clock::now();"))
              .size(),
            1u);
  EXPECT_EQ(hidden_time(cpp("storage/x.cpp", "std::random_device d;")).size(),
            1u);
  EXPECT_EQ(
    hidden_time(cpp("tests/x_test.cpp", "std::this_thread::sleep_for(1s);"))
      .size(),
    1u);
  EXPECT_EQ(hidden_time(cpp("actors/x.cpp", "  sleep(1);")).size(), 1u);
  EXPECT_TRUE(hidden_time(cpp("commands/x.cpp", "sleep_for(pause);")).empty());
  EXPECT_TRUE(
    hidden_time(cpp("model/clock.hpp", "system_clock::now()")).empty());
  EXPECT_TRUE(
    hidden_time(cpp("actors/x.cpp", "// system_clock::now()\n")).empty());
  EXPECT_TRUE(
    hidden_time(cpp("actors/x.cpp", "std::chrono::steady_clock::now();"))
      .empty());
}

TEST(nameless_enumerators, finds_the_one_forgotten) {
  auto all = enumerators_of("enum class colour : std::uint8_t {\n  red = 1, "
                            "///< like blood\n  green,\n  blue = 7\n};\n");
  ASSERT_EQ(all.at("colour"), (std::set<std::string>{"red", "green", "blue"}));
  std::string head =
    "std::string_view to_string(colour c) noexcept {\n"
    "  switch (c) {\n  case colour::red:\n    return \"red\";\n"
    "  case colour::green:\n    return \"green\";\n";
  EXPECT_EQ(
    nameless_enumerators(cpp("model/x.cpp", head + "  }\n}\n"), all).size(),
    1u);
  EXPECT_TRUE(
    nameless_enumerators(
      cpp("model/x.cpp",
          head + "  case colour::blue:\n    return \"blue\";\n  }\n}\n"),
      all)
      .empty());
}

TEST(without_comments, blanks_words_and_keeps_lines) {
  EXPECT_EQ(without_comments("a // b\n\"c\" /* d\n */ e"),
            "a     \n\" \"     \n    e");
  EXPECT_EQ(without_comments("R\"(x \" y)\" z"), "           z");
  EXPECT_EQ(without_comments("1'000 'x'"), "1'000 ' '");
}

} // namespace
} // namespace assistly::architecture
