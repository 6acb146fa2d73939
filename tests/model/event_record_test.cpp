#include "model/event_record.hpp"
#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace assistly {
namespace {

/// All fields that the journal keeps, spelled so that a lost one shows.
std::string spelled(const inbound_event& e) {
  std::string s;
  auto add = [&](const auto& part) {
    if constexpr (std::is_convertible_v<decltype(part), std::string_view>)
      s += std::string{part} + "|";
    else
      s += std::to_string(static_cast<std::int64_t>(part)) + "|";
  };
  add(e.kind);
  add(e.channel);
  add(e.account_id);
  add(e.external_id);
  add(e.dedupe_key);
  add(to_unix_ms(e.at));
  add(e.has_time);
  for (const auto& who : e.person) {
    add(who.space);
    add(who.external_id);
  }
  add(e.person_name);
  add(e.text);
  add(e.thread_id);
  add(e.parent_id);
  add(e.reply_to);
  add(e.app_id);
  add(e.callback);
  add(e.from_phone);
  add(e.standby);
  add(e.edit);
  add(e.state);
  add(e.failure_code);
  add(e.raw);
  return s;
}

inbound_event some_event() {
  using rc::gen::arbitrary;
  inbound_event e;
  e.kind = static_cast<event_kind>(*rc::gen::inRange(1, 7));
  e.channel = static_cast<channel_kind>(*rc::gen::inRange(1, 6));
  e.account_id = *arbitrary<std::string>();
  e.external_id = *arbitrary<std::string>();
  e.dedupe_key = *arbitrary<std::string>();
  e.at = from_unix_ms(*arbitrary<std::int64_t>());
  e.has_time = *arbitrary<bool>();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    e.person.push_back({static_cast<alias_space>(*rc::gen::inRange(1, 6)),
                        *arbitrary<std::string>()});
  e.person_name = *arbitrary<std::string>();
  e.text = *arbitrary<std::string>();
  e.thread_id = *arbitrary<std::string>();
  e.parent_id = *arbitrary<std::string>();
  e.reply_to = *arbitrary<std::string>();
  e.app_id = *arbitrary<std::string>();
  e.callback = *arbitrary<std::string>();
  e.from_phone = *arbitrary<bool>();
  e.standby = *arbitrary<bool>();
  e.edit = *arbitrary<bool>();
  e.state = static_cast<delivery_state>(*rc::gen::inRange(0, 5));
  e.failure_code = *arbitrary<std::int32_t>();
  e.raw = *arbitrary<std::string>();
  return e;
}

RC_GTEST_PROP(event_record, gives_back_every_field, ()) {
  auto event = some_event();
  auto back = event_from_record(to_record(event));
  RC_ASSERT(back.has_value());
  RC_ASSERT(spelled(*back) == spelled(event));
}

RC_GTEST_PROP(event_record, refuses_every_cut, ()) {
  auto record = to_record(some_event());
  auto at = *rc::gen::inRange<std::size_t>(0, record.size());
  RC_ASSERT(!event_from_record(std::string_view{record}.substr(0, at)));
}

TEST(event_record, refuses_each_cut_of_a_plain_message) {
  auto record =
    to_record(fakes::customer_text("Are you open?", fakes::some_morning));
  ASSERT_TRUE(event_from_record(record));
  for (std::size_t at = 0; at < record.size(); ++at)
    EXPECT_FALSE(event_from_record(record.substr(0, at))) << at;
}

TEST(event_record, refuses_an_unknown_version) {
  auto record =
    to_record(fakes::customer_text("Are you open?", fakes::some_morning));
  record[0] = 4; // version 2
  EXPECT_FALSE(event_from_record(record));
}

TEST(event_record, reads_what_a_newer_program_appended_to) {
  auto record =
    to_record(fakes::customer_text("Are you open?", fakes::some_morning));
  EXPECT_TRUE(event_from_record(record + "\x02x"));
}

} // namespace
} // namespace assistly
