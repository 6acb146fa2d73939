/// A member's reply of several messages: they arrive in order, or not at all.
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

/// Three messages, of which the first is claimed.
class long_reply : public testing::Test {
protected:
  long_reply() : c_(*node_.hear(fakes::message("When?", "m_1")).now) {
    ids_ = say(std::string(5'000, 'x'));
    node_.claim(ids_.at(0));
  }

  std::vector<turn_id> say(const std::string& text) {
    auto done = node_.write([&](work& w) {
      return *act_as_member(w, node_.tenant, c_.id, member_act::reply, text,
                            node_.policy);
    });
    std::vector<turn_id> ids;
    for (const auto& row : done.sends)
      ids.push_back(row.id);
    return ids;
  }

  settled report(send_class what, std::int32_t code = 0) {
    send_report r;
    r.what = what;
    r.code = code;
    r.external_id = what == send_class::sent ? "m_out" : "";
    return node_.settle(ids_[0], r);
  }

  std::int64_t count(turn_state state) {
    return node_.number("SELECT count(*) FROM turn WHERE author = 3 "
                        "AND state = "
                        + std::to_string(static_cast<int>(state)));
  }

  fakes::storage_node node_;
  conversation c_;
  std::vector<turn_id> ids_;
};

TEST_F(long_reply, goes_no_further_when_a_part_of_it_is_refused) {
  ASSERT_EQ(ids_.size(), 3u);
  EXPECT_TRUE(report(send_class::refused, 551).changed);
  EXPECT_EQ(count(turn_state::failed), 1);
  EXPECT_EQ(count(turn_state::cancelled), 2);
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox"), 0);
  EXPECT_EQ(node_.turns(c_.id).back().kind, turn_kind::note)
    << "and the team is told";
  EXPECT_FALSE(node_.claim(ids_[1]).found);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(long_reply, goes_no_further_when_a_status_tells_of_a_refusal) {
  report(send_class::in_doubt);
  auto failed = fakes::message("", "");
  failed.kind = event_kind::status;
  failed.state = delivery_state::failed;
  failed.failure_code = 131026;
  failed.external_id = "m_out";
  failed.callback = to_string(ids_[0]);
  failed.dedupe_key = "status:m_out:failed";
  node_.hear(std::move(failed));
  EXPECT_EQ(count(turn_state::failed), 1);
  EXPECT_EQ(count(turn_state::cancelled), 2);
  EXPECT_EQ(node_.turns(c_.id).back().kind, turn_kind::note);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(long_reply, goes_on_when_a_part_of_it_arrived_or_is_tried_again) {
  report(send_class::try_later, 4);
  EXPECT_EQ(count(turn_state::queued), 3);
  report(send_class::sent);
  EXPECT_EQ(count(turn_state::queued), 2);
}

TEST_F(long_reply, holds_back_no_other_reply) {
  node_.clock.advance(seconds{1});
  say("Hello?");
  report(send_class::refused, 551);
  EXPECT_EQ(count(turn_state::queued), 1);
}

} // namespace
} // namespace assistly::storage
