#include "config/assign.hpp"
#include "config/options.hpp"
#include "telemetry/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace assistly::config {
namespace {

TEST(options, have_a_key_of_two_words_help_and_a_place_each) {
  std::set<std::string_view> keys;
  for (const option& each : all_options()) {
    EXPECT_TRUE(keys.insert(each.key).second) << each.key;
    EXPECT_EQ(std::count(each.key.begin(), each.key.end(), '.'), 1) << each.key;
    EXPECT_TRUE(each.help.ends_with('.')) << each.key;
    EXPECT_FALSE(each.fallback.empty()) << each.key;
    EXPECT_NE(each.slot, nullptr) << each.key;
    EXPECT_EQ(find_option(each.key), &each);
  }
  EXPECT_EQ(find_option("meta.nothing"), nullptr);
}

TEST(options, have_every_key_of_the_interface_page) {
  for (const char* key : {"http.listen",
                          "http.public_url",
                          "http.tls_certificate_file",
                          "http.tls_key_file",
                          "operations.listen",
                          "meta.app_id",
                          "meta.app_secret",
                          "meta.verify_token",
                          "meta.more_app_secrets",
                          "meta.graph_url",
                          "meta.instagram_url",
                          "meta.api_version",
                          "storage.url",
                          "keys.file",
                          "ledger.file",
                          "answers.quiet_seconds",
                          "answers.provider",
                          "answers.base_url",
                          "answers.model",
                          "answers.api_key",
                          "mail.url",
                          "mail.from",
                          "log.level",
                          "log.format",
                          "sandbox.listen"})
    EXPECT_NE(find_option(key), nullptr) << key;
}

TEST(options, write_to_places_of_their_own) {
  settings s;
  std::set<const void*> places;
  for (const option& each : all_options())
    std::visit(
      [&](auto* place) {
        EXPECT_TRUE(places.insert(place).second) << each.key;
      },
      each.slot(s));
}

TEST(options, that_are_secret_go_to_a_place_that_cannot_be_printed) {
  settings s;
  for (const option& each : all_options()) {
    const option_slot slot = each.slot(s);
    EXPECT_EQ(is_secret(each),
              std::holds_alternative<secret_text*>(slot)
                || std::holds_alternative<std::vector<secret_text>*>(slot))
      << each.key;
  }
}

TEST(options, have_names_in_the_environment_that_do_not_collide) {
  std::set<std::string> names;
  for (const option& each : all_options()) {
    EXPECT_TRUE(names.insert(variable_of(each.key)).second) << each.key;
    if (is_secret(each)) {
      EXPECT_TRUE(names.insert(variable_of(each.key) + "_FILE").second)
        << each.key;
    }
  }
  EXPECT_EQ(variable_of("meta.app_secret"), "ASSISTLY_META_APP_SECRET");
}

TEST(options, refuse_a_value_of_every_wrong_type) {
  for (const option& each : all_options())
    for (const value_kind kind :
         {value_kind::boolean, value_kind::table, value_kind::other}) {
      settings s;
      document_value wrong;
      wrong.kind = kind;
      EXPECT_FALSE(assign(each, wrong, {}, s)) << each.key;
    }
}

TEST(options, with_a_range_refuse_what_is_just_outside) {
  for (const option& each : all_options()) {
    if (each.type != option_type::whole_number
        && each.type != option_type::duration
        && each.type != option_type::seconds)
      continue;
    const auto least = static_cast<std::int64_t>(each.least);
    const auto most = static_cast<std::int64_t>(each.most);
    settings s;
    document_value value;
    value.kind = value_kind::integer;
    for (const std::int64_t inside : {least, most}) {
      value.integer = inside;
      EXPECT_TRUE(assign(each, value, {}, s)) << each.key;
    }
    for (const std::int64_t outside : {least - 1, most + 1}) {
      value.integer = outside;
      EXPECT_FALSE(assign(each, value, {}, s)) << each.key;
    }
  }
}

TEST(options, list_the_providers_in_the_order_of_their_enum) {
  const option& provider = *find_option("answers.provider");
  settings s;
  document_value value;
  value.kind = value_kind::text;
  for (const auto& [name, meant] :
       {std::pair{"embedded", answer_provider::embedded},
        std::pair{"openai", answer_provider::openai},
        std::pair{"anthropic", answer_provider::anthropic}}) {
    value.text = name;
    ASSERT_TRUE(assign(provider, value, {}, s)) << name;
    EXPECT_EQ(s.answers.provider, meant);
  }
}

TEST(options, name_only_levels_and_formats_that_the_log_knows) {
  for (const auto& each : find_option("log.level")->choices)
    EXPECT_TRUE(telemetry::parse_level(each)) << each;
  for (const auto& each : find_option("log.format")->choices)
    EXPECT_TRUE(telemetry::parse_log_format(each)) << each;
}

} // namespace
} // namespace assistly::config
