/// Erasures that meet a crash or an event that comes meanwhile.
#include "tests/storage/erasure_case.hpp"

namespace assistly::storage {
namespace {

using fakes::message;
using progress = erase_progress::state;

class interrupted_erasures : public erasure_case {};

TEST_F(interrupted_erasures,
       go_on_after_a_crash_that_destroyed_a_tenants_keys_before_it) {
  talk();
  node_.apply(fakes::plan_of("other"));
  auto r = node_.request(erase_scope::tenant, {});
  node_.write([&](work& w) {
    request_erasure(w, r);
    w.keys.destroy_tenant(node_.tenant);
  });
  node_.reopen();
  EXPECT_FALSE(node_.directory->tenant("acme"));
  EXPECT_TRUE(node_.directory->tenant("other")) << "the others go on";
  auto pending = node_.read([](session& s) { return pending_erasures(*s.db); });
  ASSERT_EQ(pending.size(), 1u);
  erase_progress p;
  do
    p = node_.write(
      [&](work& w) { return erase_step(w, *node_.book, pending[0]); });
  while (p.now == progress::more);
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(rows("erasure"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(interrupted_erasures, of_a_request_leave_what_was_accepted_after_it) {
  talk();
  auto r = node_.request(erase_scope::conversation, first_.id.value);
  node_.clock.advance(milliseconds{1});
  auto later = node_.offer(message("I am back", "m_3"));
  node_.write([&](work& w) { request_erasure(w, r); });
  auto p = node_.write([&](work& w) { return erase_step(w, *node_.book, r); });
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(rows("journal"), 1) << "acknowledged, and no part of the request";
  auto taken = node_.take(later);
  EXPECT_TRUE(taken.created);
  EXPECT_EQ(node_.turns(taken.now->id).size(), 1u);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(interrupted_erasures,
       make_an_event_wait_whose_key_went_before_the_rows) {
  talk();
  auto r = node_.request(erase_scope::conversation, first_.id.value);
  node_.write([&](work& w) {
    request_erasure(w, r);
    w.keys.destroy(name_of(node_.tenant, first_.id));
    w.keys.destroy(name_of(node_.tenant, first_.person));
  });
  node_.clock.advance(seconds{1});
  auto later = node_.offer(message("Anybody?", "m_3"));
  auto waits = node_.take(later);
  EXPECT_EQ(waits.what, taken::deferred);
  EXPECT_GT(waits.retry_at, node_.clock.now());
  EXPECT_EQ(rows("journal"), 1);
  node_.write([&](work& w) { erase_step(w, *node_.book, r); });
  EXPECT_TRUE(node_.take(later).created) << "taken in anew";
  EXPECT_EQ(rows("journal"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(interrupted_erasures,
       make_an_event_wait_whose_persons_key_went_before_the_rows) {
  talk();
  auto r = node_.request(erase_scope::person, first_.person.value);
  node_.write([&](work& w) {
    request_erasure(w, r);
    erase_step(w, *node_.book, r);
    w.keys.destroy(name_of(node_.tenant, first_.person));
  });
  node_.clock.advance(seconds{1});
  auto later = node_.offer(message("Anybody?", "m_3"));
  EXPECT_EQ(node_.take(later).what, taken::deferred);
  node_.write([&](work& w) { erase_step(w, *node_.book, r); });
  EXPECT_TRUE(node_.take(later).created);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(interrupted_erasures,
       end_news_of_a_send_whose_key_went_before_the_rows) {
  talk();
  node_.write(
    [&](work& w) { w.keys.destroy(name_of(node_.tenant, first_.id)); });
  inbound_event news;
  news.kind = event_kind::status;
  news.channel = channel_kind::messenger;
  news.account_id = "acme-page";
  news.dedupe_key = "status:m_out";
  news.external_id = "m_out";
  news.state = delivery_state::delivered;
  auto entry = node_.offer(news);
  take_in_request request;
  request.tenant = entry.tenant;
  request.channel = entry.channel;
  request.entry = entry.id;
  request.received_at = entry.received_at;
  request.event = entry.event;
  auto hash =
    node_.write([&](work& w) { return route_by_external(w, request); });
  EXPECT_FALSE(hash);
  EXPECT_EQ(rows("journal"), 0);
}

TEST_F(interrupted_erasures, count_in_the_receipt_what_went_before_a_restart) {
  talk();
  node_.answer(node_.now_of(second_.id), "Hi!");
  // More turns than go in one step, behind the ones there are.
  node_.execute(
    "INSERT INTO turn SELECT tenant_id, conversation_id, 1000 + value, "
    "turn_id, 0, 0, 0, at, received_at, 0, 0, NULL, 0, x'00' "
    "FROM turn, (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL "
    "SELECT value + 1 FROM n WHERE value < 600) SELECT value FROM n) AS many "
    "WHERE seq = 1 AND conversation_id = (SELECT conversation_id FROM outbox)");
  auto r = node_.request(erase_scope::person, second_.person.value);
  node_.write([&](work& w) { request_erasure(w, r); });
  auto p = erase_progress{progress::more, {}, {}};
  for (int steps = 0; p.now == progress::more; ++steps) {
    ASSERT_LT(steps, 10);
    p = node_.write([&](work& w) { return erase_step(w, *node_.book, r); });
    node_.reopen();
  }
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(field(p.proof, "conversations"), "1");
  EXPECT_EQ(field(p.proof, "outbox_rows"), "1") << "gone with the first step";
  EXPECT_EQ(node_.number("SELECT count(*) FROM node "
                         "WHERE name LIKE 'erased_so_far%'"),
            0);
  EXPECT_EQ(node_.broken(), "");
}

} // namespace
} // namespace assistly::storage
