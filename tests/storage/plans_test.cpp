/// What the engine would do with each statement of storage: none of those that
/// run while customers wait reads a whole table.
#include "storage/sql/run.hpp"
#include "tests/architecture/sql_texts.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace assistly::storage {
namespace {

using architecture::sql_text;

/// Statements that read a whole table on purpose, and why they may.
const std::map<std::string, std::string> sweeps{
  {"storage/invariants.cpp rules", "a check of the whole database"},
  {"storage/sealed_rows.cpp tables", "a check of the whole database"},
  {"storage/sealed_rows.cpp quarantined", "a check of the whole database"},
  {"storage/invariants.cpp leaf_keys", "a check of the whole key store"},
  {"storage/erase_requests.cpp count_requests",
   "a figure; a row is a request not done"},
  {"storage/erase_requests.cpp all_requests",
   "at start; a row is a request not done"},
  {"storage/dead_letters.cpp count_letters", "a figure; few, and for days"},
  {"storage/due_queue.cpp drop_quarantine", "hourly; at most 1,000 rows"},
  {"storage/journal.cpp count_rows", "a figure; rows are what is owed now"},
  {"storage/journal.cpp count_quarantine", "at most 1,000 rows"},
  {"storage/outbox.cpp count_rows", "a figure; rows are what is owed now"},
  {"storage/outbox.cpp doubt_turns", "at start; reads the outbox alone"},
  {"storage/outbox.cpp doubt_rows", "at start; reads the outbox alone"},
  {"storage/node_values.cpp read_under", "at start; one row a channel"},
  {"storage/subscriptions.cpp drop_book", "a restore; one row a channel"},
  {"storage/tenants.cpp all_tenants", "a new picture; one row a tenant"},
  {"storage/database.cpp any_tenant", "at start; stops at the first row"},
  {"storage/tenants.cpp ids_of_all", "hourly; one row a tenant"},
  {"storage/sql/sqlite.cpp look", "some thirty names"},
  {"storage/sql/sqlite_log.cpp touch_log", "at start; a handful of rows"},
  {"storage/due_queue.cpp soonest", "stops at the first row of its index"},
};

std::vector<sql_text> texts() {
  std::vector<sql_text> all;
  for (const auto& file : architecture::read_sources())
    // Statements of PostgreSQL's own read a row of the node's or the catalogue.
    if (architecture::room_of(file.path) == "storage"
        && !file.path.starts_with("storage/sql/postgres"))
      for (auto& t : architecture::sql_texts_of(file))
        all.push_back(std::move(t));
  return all;
}

bool is_key_store(const sql_text& t) {
  return t.text.find("wrapped_key") != std::string::npos;
}

TEST(plans, of_hot_statements_scan_no_table) {
  fakes::storage_node node;
  auto all = texts();
  ASSERT_GT(all.size(), 80u);
  std::set<std::string> used;
  for (const auto& t : all) {
    auto plan = node.read([&](session& s) {
      auto& db = is_key_store(t) ? s.keys.db() : *s.db;
      return db.plan(sql::query{t.text.c_str()});
    });
    if (plan.find("SCAN ") == std::string::npos)
      continue;
    auto key = t.file + " " + t.name;
    used.insert(key);
    EXPECT_TRUE(sweeps.contains(key)) << key << "\n" << t.text << "\n" << plan;
  }
  for (const auto& [key, reason] : sweeps)
    EXPECT_TRUE(used.contains(key)) << key << " needs no exception any more";
}

/// The plan of one constant.
std::string plan_of(const std::string& file, const std::string& name) {
  fakes::storage_node node;
  for (const auto& t : texts())
    if (t.file == file && t.name == name)
      return node.read(
        [&](session& s) { return s.db->plan(sql::query{t.text.c_str()}); });
  return "there is no " + file + " " + name;
}

bool uses(const std::string& plan, const std::string& index) {
  return plan.find(index) != std::string::npos;
}

TEST(plans, of_the_due_queue_follow_its_index_and_sort_nothing) {
  auto due = plan_of("storage/due_queue.cpp", "due");
  EXPECT_TRUE(uses(due, "conversation_by_timer")) << due;
  EXPECT_FALSE(uses(due, "TEMP B-TREE")) << due;
  auto soonest = plan_of("storage/due_queue.cpp", "soonest");
  EXPECT_TRUE(uses(soonest, "conversation_by_timer")) << soonest;
  EXPECT_FALSE(uses(soonest, "TEMP B-TREE")) << soonest;
}

TEST(plans, of_a_channels_queue_follow_its_index_and_sort_nothing) {
  auto plan = plan_of("storage/outbox.cpp", "waiting");
  EXPECT_TRUE(uses(plan, "outbox_by_channel")) << plan;
  EXPECT_FALSE(uses(plan, "TEMP B-TREE")) << plan;
}

TEST(plans, of_a_private_reply_in_doubt_read_comment_channels_alone) {
  auto plan = plan_of("storage/outbox.cpp", "private_in_doubt");
  EXPECT_TRUE(uses(plan, "outbox_by_channel (tenant_id=? AND channel_id=?)"))
    << plan;
}

TEST(plans, of_what_a_person_said_since_read_one_conversation_from_there_on) {
  auto plan = plan_of("storage/turns.cpp", "spoken_after");
  EXPECT_TRUE(uses(plan, "conversation_id=? AND seq>?")) << plan;
}

TEST(plans, of_the_holds_of_a_tenant_read_held_rows_alone) {
  auto plan = plan_of("storage/erasure.cpp", "held_in_tenant");
  EXPECT_TRUE(uses(plan, "conversation_by_hold")) << plan;
}

TEST(plans, of_a_start_work_the_journal_off_in_order) {
  auto plan = plan_of("storage/journal.cpp", "next_rows");
  EXPECT_FALSE(uses(plan, "TEMP B-TREE")) << plan;
}

TEST(plans, would_show_a_scan) {
  fakes::storage_node node;
  auto plan = node.read([&](session& s) {
    return s.db->plan(sql::query{"SELECT 1 FROM turn WHERE sealed = $1"});
  });
  EXPECT_NE(plan.find("SCAN "), std::string::npos);
}

} // namespace
} // namespace assistly::storage
