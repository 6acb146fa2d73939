#include "storage/filed_events.hpp"
#include "tests/storage/erasure_case.hpp"

namespace assistly::storage {
namespace {

using fakes::message;
using progress = erase_progress::state;

class filed_events : public erasure_case {
protected:
  filed_events() {
    known_ = message("Hello", "m_1");
    known_.channel = channel_kind::whatsapp;
    known_.account_id = "acme-number";
    known_.person = {{alias_space::wa_phone, "15550001"},
                     {alias_space::bsuid, "business-scoped-1"}};
  }

  /// Accepts an event that is only kept.
  void keep(alias who, const std::string& id) {
    auto e = message("", id);
    e.kind = event_kind::other;
    e.channel = channel_kind::whatsapp;
    e.account_id = "acme-number";
    e.person = {std::move(who)};
    node_.offer(e);
  }

  /// A customer known by two ids.
  inbound_event known_;
};

TEST_F(filed_events, go_with_a_conversation_under_each_id_of_its_person) {
  auto c = *node_.hear(known_).now;
  keep({alias_space::wa_phone, "15550001"}, "m_2");
  keep({alias_space::bsuid, "business-scoped-1"}, "m_3");
  keep({alias_space::bsuid, "business-scoped-2"}, "m_4");
  auto waiting = known_;
  waiting.person = {{alias_space::bsuid, "business-scoped-1"}};
  waiting.dedupe_key = "mid:m_5";
  waiting.external_id = "m_5";
  node_.offer(waiting);
  ASSERT_EQ(rows("kept_event"), 3);
  auto p = node_.erase(erase_scope::conversation, c.id.value);
  EXPECT_EQ(rows("kept_event"), 1) << "somebody else's";
  EXPECT_EQ(rows("journal"), 0);
  EXPECT_EQ(field(p.proof, "kept_events"), "2");
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(filed_events, go_with_a_person_without_a_conversation) {
  auto c = *node_.hear(known_).now;
  auto r = node_.request(erase_scope::person, c.person.value);
  node_.write([&](work& w) { erase_step(w, *node_.book, r); });
  ASSERT_EQ(rows("conversation"), 0);
  keep({alias_space::bsuid, "business-scoped-1"}, "m_2");
  auto p = node_.write([&](work& w) { return erase_step(w, *node_.book, r); });
  EXPECT_EQ(p.now, progress::done);
  EXPECT_EQ(rows("kept_event"), 0);
}

} // namespace
} // namespace assistly::storage
