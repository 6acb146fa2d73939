#include "storage/columns.hpp"
#include "storage/sql/run.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace assistly::storage {
namespace {

using column = std::pair<std::string, std::string>;

/// Table and column -> declared type, as the engine knows them.
std::map<column, std::string> real_columns() {
  fakes::storage_node node;
  return node.read([](session& s) {
    std::map<column, std::string> all;
    auto found = sql::ask_node(
      *s.db, sql::query{"SELECT t.name, c.name, c.type FROM sqlite_schema t, "
                        "pragma_table_info(t.name) c WHERE t.type = 'table' "
                        "AND t.name NOT LIKE 'sqlite_%' "
                        "AND t.name <> 'schema_version'"});
    while (found.next())
      all.emplace(column{found.bytes(0), found.bytes(1)}, found.bytes(2));
    return all;
  });
}

TEST(column_rules, are_one_for_each_column_of_the_schema_and_no_other) {
  auto real = real_columns();
  EXPECT_GT(real.size(), 90u);
  std::set<column> ruled;
  for (const auto& rule : column_rules()) {
    column name{rule.table, rule.column};
    EXPECT_TRUE(ruled.insert(name).second)
      << name.first << "." << name.second << " has two rules";
    EXPECT_TRUE(real.contains(name))
      << name.first << "." << name.second << " does not exist";
  }
  for (const auto& [name, type] : real)
    EXPECT_TRUE(ruled.contains(name))
      << name.first << "." << name.second << " has no rule";
}

TEST(column_rules, name_an_eraser_for_whatever_is_sealed_or_hashed) {
  const std::set<std::string_view> erasers{"conversation", "person", "tenant",
                                           "days"};
  for (const auto& rule : column_rules()) {
    if (rule.form == column_form::clear)
      continue;
    EXPECT_TRUE(erasers.contains(rule.erased_by))
      << rule.table << "." << rule.column;
  }
}

TEST(column_rules, seal_into_bytes_and_hash_into_bytes_or_a_number) {
  auto real = real_columns();
  for (const auto& rule : column_rules()) {
    auto type = real.at({std::string{rule.table}, std::string{rule.column}});
    if (rule.form == column_form::sealed) {
      EXPECT_EQ(type, "BLOB") << rule.table << "." << rule.column;
      EXPECT_EQ(rule.column, "sealed") << "the associated data names it so";
    }
    if (rule.form == column_form::hashed) {
      EXPECT_TRUE(type == "BLOB" || type == "INTEGER")
        << rule.table << "." << rule.column;
    }
  }
}

TEST(column_rules, leave_no_text_in_clear_but_slugs_and_the_nodes_own) {
  auto real = real_columns();
  for (const auto& rule : column_rules()) {
    column name{rule.table, rule.column};
    if (real.at(name) != "TEXT")
      continue;
    bool allowed = rule.table == "node" || name == column{"tenant", "slug"};
    EXPECT_TRUE(allowed) << name.first << "." << name.second;
  }
}

TEST(column_rules, let_everything_of_a_conversation_or_person_be_exported) {
  const std::set<std::string_view> files{
    "", "messages.jsonl", "conversations.jsonl", "persons.jsonl"};
  for (const auto& rule : column_rules()) {
    EXPECT_TRUE(files.contains(rule.exported_in))
      << rule.table << "." << rule.column;
    bool personal =
      rule.form == column_form::sealed
      && (rule.erased_by == "conversation" || rule.erased_by == "person");
    if (personal) {
      EXPECT_NE(rule.exported_in, "") << rule.table << "." << rule.column;
    }
  }
}

} // namespace
} // namespace assistly::storage
