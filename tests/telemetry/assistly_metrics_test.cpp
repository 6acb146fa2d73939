#include "telemetry/assistly_metrics.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace assistly::telemetry {
namespace {

TEST(assistly_metrics, registers_every_name_of_the_table_and_no_other) {
  registry all;
  const assistly_metrics metrics{all};
  const std::string page = all.render();
  std::size_t types = 0;
  for (std::size_t at = page.find("# TYPE "); at != std::string::npos;
       at = page.find("# TYPE ", at + 1))
    ++types;
  EXPECT_EQ(types, metric_names::all.size());
  for (const auto& each : metric_names::all)
    EXPECT_NE(page.find("# TYPE " + std::string{each.name} + ' '),
              std::string::npos)
      << each.name;
}

TEST(assistly_metrics, has_each_name_once_and_help_for_it) {
  std::set<std::string_view> names;
  for (const auto& each : metric_names::all) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_TRUE(each.name.starts_with("assistly_")) << each.name;
    EXPECT_FALSE(each.help.empty()) << each.name;
  }
  EXPECT_EQ(names.size(), metric_names::all.size());
}

TEST(assistly_metrics, labels_channels_and_kinds_by_their_own_names) {
  for (const channel_kind kind : all_channel_kinds)
    EXPECT_EQ(
      label_of<channel_kind>::values[label_of<channel_kind>::index(kind)],
      to_string(kind));
  for (const event_kind kind :
       {event_kind::customer_text, event_kind::echo, event_kind::status,
        event_kind::watermark, event_kind::withdrawn, event_kind::other})
    EXPECT_EQ(label_of<event_kind>::values[label_of<event_kind>::index(kind)],
              to_string(kind));
}

TEST(assistly_metrics, counts_under_the_labels_given) {
  registry all;
  const assistly_metrics metrics{all};
  metrics.events_total.at(channel_kind::whatsapp, event_kind::status).add(4);
  metrics.webhook_requests_total.at(webhook_outcome::bad_signature).add();
  metrics.replies_total.at(channel_kind::messenger, reply_decision::hand_off)
    .add();
  metrics.sends_total.at(channel_kind::instagram, send_outcome::unknown).add();
  metrics.erasures_total.at(erasure_reason::retention).add(2);
  metrics.webhook_seconds.observe(0.003);
  const std::string page = all.render();
  for (const char* line :
       {"assistly_events_total{channel=\"whatsapp\",kind=\"status\"} 4\n",
        "assistly_webhook_requests_total{outcome=\"bad_signature\"} 1\n",
        "assistly_replies_total{channel=\"messenger\",decision=\"hand_off\"} "
        "1\n",
        "assistly_sends_total{channel=\"instagram\",outcome=\"unknown\"} 1\n",
        "assistly_erasures_total{reason=\"retention\"} 2\n",
        "assistly_webhook_seconds_bucket{le=\"0.005\"} 1\n",
        "assistly_webhook_seconds_bucket{le=\"0.0025\"} 0\n"})
    EXPECT_NE(page.find(line), std::string::npos) << line;
}

} // namespace
} // namespace assistly::telemetry
