#include "storage/tenants.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::plan_of;
using fakes::storage_node;

bool changed(const apply_result& r) {
  return r.created || r.changed || r.channels_connected || r.channels_changed
         || r.channels_disconnected || r.knowledge_added || r.knowledge_changed
         || r.knowledge_removed;
}

std::vector<knowledge_item> knowledge(storage_node& node) {
  return node.read(
    [&](session& s) { return read_knowledge(*s.db, s.keys, node.tenant); });
}

stored_tenant stored(storage_node& node) {
  return *node.read(
    [&](session& s) { return read_tenant(*s.db, s.keys, node.tenant); });
}

TEST(apply_tenant, makes_what_the_file_says) {
  storage_node node;
  auto t = stored(node);
  EXPECT_EQ(t.settings, plan_of("acme").settings);
  EXPECT_EQ(t.revision, 1);
  auto channels = node.read(
    [&](session& s) { return read_channels(*s.db, s.keys, node.tenant); });
  ASSERT_EQ(channels.size(), 5u);
  EXPECT_EQ(channels[0].settings.access.token.reveal(), "token-of-acme");
  EXPECT_EQ(knowledge(node), plan_of("acme").knowledge);
}

TEST(apply_tenant, changes_nothing_the_second_time) {
  storage_node node;
  EXPECT_FALSE(changed(node.apply(plan_of("acme"))));
  EXPECT_EQ(stored(node).revision, 1);
}

TEST(apply_tenant, raises_the_revision_with_each_change) {
  storage_node node;
  auto plan = plan_of("acme");
  plan.settings.handover_message = "Soon.";
  EXPECT_TRUE(node.apply(plan).changed);
  EXPECT_EQ(stored(node).revision, 2);
  EXPECT_EQ(stored(node).settings.handover_message, "Soon.");
  plan.channels[0].access.token = secret_text{"another"};
  EXPECT_EQ(node.apply(plan).channels_changed, 1);
  EXPECT_EQ(stored(node).revision, 3);
}

TEST(apply_tenant, adds_changes_and_removes_knowledge_by_its_key) {
  storage_node node;
  auto plan = plan_of("acme");
  plan.knowledge[0].answer = "From ten.";
  plan.knowledge.push_back({"ship", "Shipping", "Two days.", "", "en", {}});
  auto r = node.apply(plan);
  EXPECT_EQ(r.knowledge_changed, 1);
  EXPECT_EQ(r.knowledge_added, 1);
  EXPECT_EQ(knowledge(node), plan.knowledge);
  std::swap(plan.knowledge[0], plan.knowledge[1]);
  node.apply(plan);
  EXPECT_EQ(knowledge(node), plan.knowledge) << "in the order of the file";
  plan.knowledge.pop_back();
  EXPECT_EQ(node.apply(plan).knowledge_removed, 1);
  EXPECT_EQ(knowledge(node), plan.knowledge);
}

TEST(apply_tenant, touches_no_entry_that_people_made) {
  storage_node node;
  node.execute("UPDATE knowledge SET origin = 2");
  auto plan = plan_of("acme");
  plan.knowledge.clear();
  EXPECT_EQ(node.apply(plan).knowledge_removed, 0);
  EXPECT_EQ(knowledge(node).size(), 1u);
}

TEST(apply_tenant, disconnects_a_channel_taken_out_and_connects_it_again) {
  storage_node node;
  auto plan = plan_of("acme");
  auto channel = plan.channels.back();
  plan.channels.pop_back();
  EXPECT_EQ(node.apply(plan).channels_disconnected, 1);
  const auto* gone =
    node.directory->find(channel.kind, channel.access.account_id);
  ASSERT_TRUE(gone) << "its conversations live on";
  EXPECT_FALSE(gone->connected);
  auto id = gone->id;
  plan.channels.push_back(channel);
  EXPECT_EQ(node.apply(plan).channels_changed, 1);
  const auto* back =
    node.directory->find(channel.kind, channel.access.account_id);
  EXPECT_TRUE(back->connected);
  EXPECT_EQ(back->id, id);
}

TEST(apply_tenant, refuses_an_account_of_another_tenant_whatever_the_kind) {
  storage_node node;
  auto plan = plan_of("other");
  plan.channels.resize(1);
  plan.channels[0].kind = channel_kind::page_comments;
  plan.channels[0].access.account_id = "acme-page";
  auto r = node.writer->run(
    [&](work& w) { apply_tenant(w, node.database->root(), plan); });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::conflict);
  auto text = r.error().text;
  auto account = text.find("acme-page");
  ASSERT_NE(account, std::string::npos) << text;
  text.erase(account, std::string_view{"acme-page"}.size());
  EXPECT_EQ(text.find("acme"), std::string::npos) << "whose it is, is not told";
  EXPECT_EQ(node.number("SELECT count(*) FROM tenant"), 1)
    << "all of the file or nothing";
}

TEST(apply_tenant, lets_an_account_go_that_was_disconnected) {
  storage_node node;
  auto mine = plan_of("acme");
  mine.channels.clear();
  node.apply(mine);
  auto theirs = plan_of("other");
  theirs.channels.resize(1);
  theirs.channels[0].access.account_id = "acme-page";
  auto other = node.apply(theirs);
  const auto* found =
    node.directory->find(channel_kind::messenger, "acme-page");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->tenant, other.tenant);
  EXPECT_TRUE(found->connected);
  // And now it is theirs.
  auto r = node.writer->run(
    [&](work& w) { apply_tenant(w, node.database->root(), plan_of("acme")); });
  EXPECT_EQ(r.error().code, errc::conflict);
}

TEST(apply_tenant, never_gives_a_number_twice) {
  storage_node node;
  auto first = node.tenant;
  node.erase(erase_scope::tenant, {});
  auto again = node.apply(plan_of("acme"));
  EXPECT_TRUE(again.created);
  EXPECT_NE(again.tenant, first);
  EXPECT_EQ(node.broken(), "");
}

TEST(directory, tells_accounts_and_tenants_apart) {
  storage_node node;
  auto other = node.apply(plan_of("other"));
  const auto* mine = node.directory->find(channel_kind::messenger, "acme-page");
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->tenant, node.tenant);
  EXPECT_EQ(node.directory->find(node.tenant, mine->id), mine);
  EXPECT_NE(node.directory->find(other.tenant, mine->id), mine);
  EXPECT_FALSE(node.directory->find(channel_kind::messenger, "nobodys-page"));
  EXPECT_FALSE(node.directory->find(channel_kind::whatsapp, "acme-page"));
  EXPECT_EQ(node.directory->tenant("other")->id, other.tenant);
  EXPECT_FALSE(node.directory->tenant("nobody"));
  EXPECT_NE(node.directory->tenant(node.tenant)->lookup.bytes,
            node.directory->tenant(other.tenant)->lookup.bytes);
}

TEST(directory, holds_the_journal_keys_of_three_days) {
  storage_node node;
  const auto* t = node.directory->tenant("acme");
  auto today = day_of(node.clock.now());
  EXPECT_EQ(t->first_day, today);
  EXPECT_FALSE(t->journal_of(today - 1));
  for (std::int64_t d = 0; d < 3; ++d)
    EXPECT_TRUE(t->journal_of(today + d));
  EXPECT_FALSE(t->journal_of(today + 3));
  EXPECT_NE(t->journal_of(today)->bytes, t->journal_of(today + 1)->bytes);
}

} // namespace
} // namespace assistly::storage
