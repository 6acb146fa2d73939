#include "model/dedupe.hpp"
#include "storage/journal.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::comment;
using fakes::message;
using fakes::storage_node;

inbound_event timeless(std::string mid) {
  auto e = message("Hello", std::move(mid));
  e.at = from_unix_ms(1);
  e.has_time = false;
  return e;
}

inbound_event kept(std::string mid) {
  auto e = message("", std::move(mid));
  e.kind = event_kind::other;
  e.raw = R"({"message":{"attachments":[]}})";
  return e;
}

TEST(accept, keeps_what_meta_tells_once) {
  storage_node node;
  auto first = message("Hello", "m_1");
  first.at = node.clock.now();
  first.has_time = true;
  EXPECT_FALSE(node.offer(first).duplicate);
  node.clock.advance(seconds{20});
  EXPECT_TRUE(node.offer(first).duplicate);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 1);
}

TEST(accept, keeps_an_event_once_that_comes_twice_in_one_post) {
  storage_node node;
  const auto* tenant = node.directory->tenant("acme");
  const auto* channel =
    node.directory->find(channel_kind::messenger, "acme-page");
  auto twice = [&] {
    return *make_entry(*tenant, *channel, timeless("m_1"), node.clock.now(),
                       node.random);
  };
  std::vector entries{twice(), twice()};
  node.write([&](work& w) { accept(w, entries); });
  EXPECT_FALSE(entries[0].duplicate);
  EXPECT_TRUE(entries[1].duplicate);
}

TEST(accept, knows_a_redelivery_by_the_events_own_time_a_week_later) {
  storage_node node;
  auto e = message("Hello", "m_1");
  e.at = node.clock.now();
  e.has_time = true;
  node.offer(e);
  node.clock.advance(days{7});
  node.apply(fakes::plan_of("acme"));
  EXPECT_TRUE(node.offer(e).duplicate);
}

TEST(accept, looks_for_a_timeless_key_eight_days_back) {
  for (int later = 0; later <= 9; ++later) {
    storage_node node;
    EXPECT_FALSE(node.offer(timeless("m_1")).duplicate);
    node.clock.advance(days{later});
    node.apply(fakes::plan_of("acme"));
    EXPECT_EQ(node.offer(timeless("m_1")).duplicate, later <= 8)
      << later << " days later";
  }
}

TEST(accept, keeps_the_same_key_of_two_tenants_apart) {
  storage_node node;
  node.apply(fakes::plan_of("other"));
  EXPECT_FALSE(node.offer(timeless("m_1")).duplicate);
  auto theirs = timeless("m_1");
  theirs.account_id = "other-page";
  EXPECT_FALSE(node.offer(theirs, "other").duplicate);
}

TEST(accept, keeps_what_nobody_acts_on_apart_and_sealed) {
  storage_node node;
  auto e = node.offer(kept("m_1"));
  EXPECT_TRUE(e.only_kept);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 0);
  EXPECT_EQ(node.number("SELECT count(*) FROM kept_event"), 1);
  EXPECT_TRUE(node.offer(kept("m_1")).duplicate);
  EXPECT_EQ(node.number("SELECT until FROM kept_event"),
            to_unix_ms(node.clock.now() + seen_for));
}

TEST(accept, keeps_nothing_for_a_tenant_that_is_gone) {
  storage_node node;
  auto picture = node.directory;
  node.erase(erase_scope::tenant, {});
  node.directory = picture;
  EXPECT_TRUE(node.offer(message("Hello", "m_1")).duplicate);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 0);
  EXPECT_EQ(node.number("SELECT count(*) FROM seen"), 0);
}

TEST(make_entry, asks_for_a_newer_picture_after_three_days) {
  storage_node node;
  const auto* tenant = node.directory->tenant("acme");
  const auto* channel =
    node.directory->find(channel_kind::messenger, "acme-page");
  auto at = [&](days later) {
    return make_entry(*tenant, *channel, message("Hello", "m_1"),
                      node.clock.now() + later, node.random);
  };
  EXPECT_TRUE(at(days{0}));
  EXPECT_TRUE(at(days{2}));
  EXPECT_FALSE(at(days{3}));
}

TEST(make_entry, goes_on_when_the_clock_was_set_back) {
  storage_node node;
  auto today = node.offer(message("Hello", "m_1"));
  node.clock.advance(-days{1});
  auto before = node.offer(message("Hello", "m_2"));
  EXPECT_EQ(before.key_day, today.key_day);
  auto rows =
    node.read([](session& s) { return read_journal(s, tenant_id{0}, {}, 10); });
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(rows[0].event && rows[1].event);
}

TEST(make_entry, finds_the_conversation_of_whoever_is_named) {
  storage_node node;
  EXPECT_TRUE(node.offer(message("Hello", "m_1")).conversation);
  EXPECT_TRUE(node.offer(comment("Hello", "c_1", "")).conversation);
  auto status = message("", "wamid");
  status.kind = event_kind::status;
  status.person.clear();
  EXPECT_FALSE(node.offer(status).conversation);
}

TEST(read_journal, gives_back_what_is_owed_page_by_page) {
  storage_node node;
  std::vector<std::string> said;
  for (int i = 0; i < 7; ++i) {
    said.push_back("word " + std::to_string(i));
    node.offer(message(said.back(), "m_" + std::to_string(i)));
    node.clock.advance(milliseconds{1});
  }
  node.reopen();
  std::vector<std::string> found;
  tenant_id tenant{0};
  journal_id after{};
  while (true) {
    auto page =
      node.read([&](session& s) { return read_journal(s, tenant, after, 3); });
    for (const auto& e : page) {
      ASSERT_TRUE(e.event);
      EXPECT_TRUE(e.conversation);
      found.push_back(e.event->text);
      tenant = e.tenant;
      after = e.id;
    }
    if (page.size() < 3)
      break;
  }
  EXPECT_EQ(found, said);
}

TEST(read_journal, keeps_the_order_of_what_came_within_one_millisecond) {
  storage_node node;
  const auto* tenant = node.directory->tenant("acme");
  const auto* channel =
    node.directory->find(channel_kind::messenger, "acme-page");
  std::vector<journal_entry> entries;
  std::vector<std::string> said;
  // More than the counter of a millisecond holds.
  for (int i = 0; i < 5'000; ++i) {
    said.push_back(std::to_string(i));
    entries.push_back(*make_entry(*tenant, *channel,
                                  message(said.back(), "m_" + said.back()),
                                  node.clock.now(), node.random));
  }
  node.write([&](work& w) { accept(w, entries); });
  std::vector<std::string> found;
  for (const auto& e : node.read(
         [](session& s) { return read_journal(s, tenant_id{0}, {}, 9'999); }))
    found.push_back(e.event->text);
  EXPECT_EQ(found, said);
}

TEST(read_journal, gives_a_row_without_its_event_once_its_key_has_ended) {
  storage_node node;
  auto e = node.offer(message("Hello", "m_1"));
  node.write(
    [&](work& w) { w.keys.destroy(journal_key(e.tenant, e.key_day)); });
  auto rows =
    node.read([](session& s) { return read_journal(s, tenant_id{0}, {}, 10); });
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].id, e.id);
  EXPECT_FALSE(rows[0].event);
}

TEST(read_journal, sets_a_row_aside_that_was_moved_to_another_place) {
  storage_node node;
  node.offer(message("Hello", "m_1"));
  node.offer(message("Hello", "m_2"));
  node.execute("UPDATE journal SET sealed = (SELECT sealed FROM journal "
               "ORDER BY journal_id LIMIT 1)");
  auto rows =
    node.read([](session& s) { return read_journal(s, tenant_id{0}, {}, 10); });
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(rows[0].event) << "one broken row holds nobody else up";
  EXPECT_FALSE(rows[0].unreadable);
  EXPECT_FALSE(rows[1].event);
  EXPECT_TRUE(rows[1].unreadable);
}

TEST(defer_entry, leaves_the_row_and_begins_its_tries_anew) {
  storage_node node;
  auto e = node.offer(message("Hello", "m_1"));
  node.write([&](work& w) {
    begin_tries(w, std::span{&e, 1});
    defer_entry(w, e.tenant, e.id, node.clock.now() + seconds{2});
  });
  EXPECT_EQ(node.number("SELECT attempts FROM journal"), 0);
  EXPECT_EQ(node.number("SELECT next_try_at FROM journal"),
            to_unix_ms(node.clock.now() + seconds{2}));
  node.write([&](work& w) { finish_entry(w, e.tenant, e.id); });
  EXPECT_EQ(node.read([](session& s) { return count_journal(*s.db); }), 0);
}

TEST(quarantine, keeps_a_thousand_unreadable_bodies_and_no_more) {
  storage_node node;
  auto keep = [&] {
    return node.write(
      [&](work& w) { return quarantine(w, node.database->root(), "{broken"); });
  };
  node.write([&](work& w) {
    for (int i = 0; i < 999; ++i)
      quarantine(w, node.database->root(), "{broken");
  });
  EXPECT_TRUE(keep());
  EXPECT_FALSE(keep());
  EXPECT_EQ(node.number("SELECT count(*) FROM quarantine"), 1'000);
}

TEST(is_own_send, knows_the_id_meta_gave_us_on_whatever_channel_it_comes) {
  storage_node node;
  node.write(
    [&](work& w) { file_own_send(w, node.tenant, "acme-page", "m_out"); });
  auto known = [&](inbound_event e) {
    return node.write([&](work& w) {
      return is_own_send(w, node.tenant, e.account_id, e.external_id);
    });
  };
  EXPECT_TRUE(known(fakes::echo("Hi", "m_out")));
  EXPECT_FALSE(known(fakes::echo("Hi", "m_other")));
  EXPECT_FALSE(known(fakes::echo("Hi", "")));
  auto elsewhere = fakes::echo("Hi", "m_out");
  elsewhere.account_id = "another-page";
  EXPECT_FALSE(known(elsewhere));
}

} // namespace
} // namespace assistly::storage
