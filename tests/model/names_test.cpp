#include "model/channel.hpp"
#include "model/errc.hpp"
#include "model/turn.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace assistly {
namespace {

/// Every value from `first` to `last` has a name of its own.
template <class E>
void expect_own_names(E first, E last) {
  std::set<std::string_view> names;
  for (int i = static_cast<int>(first); i <= static_cast<int>(last); ++i) {
    auto name = to_string(static_cast<E>(i));
    EXPECT_TRUE(names.insert(name).second) << name << " twice";
    EXPECT_FALSE(name.empty());
  }
}

TEST(to_string, names_every_value_of_every_enumeration) {
  expect_own_names(errc::none, errc::internal);
  expect_own_names(channel_kind::messenger, channel_kind::instagram_comments);
  expect_own_names(channel_mode::off, channel_mode::automatic);
  expect_own_names(alias_space::psid, alias_space::bsuid);
  expect_own_names(event_kind::customer_text, event_kind::other);
  expect_own_names(author::customer, author::system);
  expect_own_names(turn_state::received, turn_state::withdrawn);
  expect_own_names(turn_kind::text, turn_kind::note);
}

TEST(parse_channel_kind, reads_the_names_of_the_tenant_file) {
  for (auto kind : all_channel_kinds)
    EXPECT_EQ(parse_channel_kind(to_string(kind)), kind);
  for (const auto* name : {"", "Messenger", "facebook", "unknown"})
    EXPECT_FALSE(parse_channel_kind(name)) << name;
}

TEST(parse_channel_mode, reads_the_names_of_the_tenant_file) {
  for (auto mode :
       {channel_mode::off, channel_mode::draft, channel_mode::automatic})
    EXPECT_EQ(parse_channel_mode(to_string(mode)), mode);
  for (const auto* name : {"", "on", "Automatic", "unknown"})
    EXPECT_FALSE(parse_channel_mode(name)) << name;
}

TEST(is_comment_channel, tells_comments_from_messages) {
  EXPECT_TRUE(is_comment_channel(channel_kind::page_comments));
  EXPECT_TRUE(is_comment_channel(channel_kind::instagram_comments));
  EXPECT_FALSE(is_comment_channel(channel_kind::messenger));
  EXPECT_FALSE(is_comment_channel(channel_kind::instagram));
  EXPECT_FALSE(is_comment_channel(channel_kind::whatsapp));
}

} // namespace
} // namespace assistly
