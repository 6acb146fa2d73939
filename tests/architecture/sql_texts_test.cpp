#include "tests/architecture/sql_texts.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

namespace assistly::architecture {
namespace {

std::string schema() {
  std::string all;
  for (const auto& file : read_tree({".sql"}))
    all += file.text;
  return all;
}

std::vector<sql_text> all_texts() {
  std::vector<sql_text> all;
  for (const auto& file : read_sources()) {
    if (room_of(file.path) == "tests")
      continue;
    auto texts = sql_texts_of(file);
    all.insert(all.end(), texts.begin(), texts.end());
  }
  return all;
}

/// `file constant: reason` -> reason
std::map<std::string, std::string> read_allowed() {
  std::map<std::string, std::string> all;
  std::istringstream in{
    fakes::read_whole(std::string{ASSISTLY_SOURCE_DIR}
                      + "/tests/architecture/node_wide_queries.txt")};
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#')
      continue;
    auto colon = line.find(": ");
    all[line.substr(0, colon)] =
      colon == std::string::npos ? "" : line.substr(colon + 2);
  }
  return all;
}

TEST(sql_texts, bind_the_tenant_on_every_tenants_table) {
  auto tables = tenant_tables(schema());
  ASSERT_GE(tables.size(), 12u);
  auto allowed = read_allowed();
  std::set<std::string> used;
  std::size_t read = 0;
  for (const auto& t : all_texts()) {
    ++read;
    auto why = tenant_breach(t.text, tables);
    if (why.empty())
      continue;
    auto key = t.file + " " + t.name;
    used.insert(key);
    EXPECT_TRUE(allowed.contains(key))
      << key << ": " << why << "\n  " << t.text;
  }
  EXPECT_GT(read, 80u) << "the reader lost the texts";
  for (const auto& [key, reason] : allowed) {
    EXPECT_TRUE(used.contains(key)) << key << " needs no exception any more";
    EXPECT_GT(reason.size(), 15u) << key << " gives no reason";
  }
}

TEST(sql_texts, stand_in_storage_alone) {
  for (const auto& t : all_texts())
    EXPECT_EQ(room_of(t.file), "storage") << t.file << ": " << t.text;
}

TEST(sql_texts, never_ask_the_database_for_the_time_or_for_chance) {
  const std::vector<std::string> forbidden{
    "now()",      "CURRENT_",   "datetime(", "strftime(",
    "julianday(", "unixepoch(", "random("};
  auto all = all_texts();
  all.push_back({"schema", "schema", schema()});
  for (const auto& t : all)
    for (const auto& word : forbidden)
      EXPECT_EQ(t.text.find(word), std::string::npos)
        << t.file << " " << t.name << ": " << word;
}

TEST(sql_texts, carry_every_value_as_a_parameter) {
  for (const auto& t : all_texts()) {
    EXPECT_EQ(t.text.find('?'), std::string::npos) << t.file << " " << t.name;
    EXPECT_EQ(t.text.find(';'), std::string::npos) << t.file << " " << t.name;
  }
}

TEST(tenant_tables, lead_every_primary_key_with_the_tenant) {
  auto text = schema();
  for (const auto& table : tenant_tables(text)) {
    auto at = text.find("CREATE TABLE " + table + "(");
    auto key = text.find("PRIMARY KEY(", at);
    ASSERT_NE(key, std::string::npos) << table;
    EXPECT_TRUE(text.substr(key).starts_with("PRIMARY KEY(tenant_id")) << table;
  }
}

TEST(sql_texts_of, reads_constants_arrays_macros_and_comments) {
  source_file file{"storage/made_up.cpp", R"cpp(
#define COLUMNS \
  "a, b, " \
  "c"
// constexpr sql::query commented{"SELECT 1 FROM turn"};
constexpr sql::query one{"SELECT " COLUMNS
  " FROM turn WHERE tenant_id = $1"};
constexpr sql::query many[] = {
  {"DELETE FROM turn "
   "WHERE tenant_id = $1"},
  {"DELETE FROM outbox"},
};
constexpr rule rules[] = {{"a rule", {"SELECT count(*) FROM turn"}}};
void f() { sql::run(db, sql::query{"UPDATE turn SET a = 1"}); g("a SELECT "); }
)cpp"};
  auto texts = sql_texts_of(file);
  ASSERT_EQ(texts.size(), 5u);
  EXPECT_EQ(texts[0].name, "one");
  EXPECT_EQ(texts[0].text, "SELECT a, b, c FROM turn WHERE tenant_id = $1");
  EXPECT_EQ(texts[1].name, "many");
  EXPECT_EQ(texts[1].text, "DELETE FROM turn WHERE tenant_id = $1");
  EXPECT_EQ(texts[2].text, "DELETE FROM outbox");
  EXPECT_EQ(texts[3].name, "rules");
  EXPECT_EQ(texts[4].text, "UPDATE turn SET a = 1");
}

TEST(tenant_breach, finds_each_way_to_forget_the_tenant) {
  const std::vector<std::string> tables{"turn", "outbox"};
  for (const auto* text : {
         "SELECT a FROM turn",
         "SELECT a FROM turn WHERE turn_id = $1",
         "SELECT a FROM turn WHERE tenant_id = $2",
         "SELECT a FROM turn WHERE tenant_id = $10",
         "UPDATE turn SET a = 1 WHERE turn_id = $2",
         "DELETE FROM turn WHERE tenant_id = $1 AND seq IN "
         "(SELECT seq FROM outbox)",
         "INSERT INTO turn(turn_id, tenant_id) VALUES($1, $2)",
         "INSERT INTO turn(tenant_id, turn_id) VALUES($2, $1)",
         "SELECT a FROM node JOIN turn ON x = y",
       })
    EXPECT_NE(tenant_breach(text, tables), "") << text;
}

TEST(tenant_breach, lets_what_binds_it_pass) {
  const std::vector<std::string> tables{"turn", "outbox"};
  for (const auto* text : {
         "SELECT a FROM turn WHERE tenant_id = $1 AND b = $2",
         "SELECT a FROM node WHERE name = $1",
         "INSERT INTO turn(tenant_id, turn_id) VALUES($1, $2) "
         "ON CONFLICT(tenant_id, turn_id) DO NOTHING",
         "INSERT INTO turn(tenant_id, turn_id) VALUES($1, $2) "
         "ON CONFLICT(tenant_id, turn_id) DO UPDATE SET a = $3",
         "DELETE FROM turn WHERE tenant_id = $1 AND seq IN "
         "(SELECT seq FROM outbox WHERE tenant_id = $1)",
       })
    EXPECT_EQ(tenant_breach(text, tables), "") << text;
}

} // namespace
} // namespace assistly::architecture
