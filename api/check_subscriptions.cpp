#include "api/check_subscriptions.hpp"

#include "actors/account_calls.hpp"
#include "protocol/fetch/client.hpp"
#include "storage/tenants.hpp"

#include <latch>
#include <vector>

namespace assistly::api {

namespace {

struct connected_channel {
  std::string tenant;
  channel_settings settings;
  const char* state = "unwatched";
};

std::vector<connected_channel> connected_channels(const checked& c) {
  std::vector<connected_channel> all;
  auto read = c.reader.run([&](storage::session& s) {
    for (const auto& tenant : storage::read_tenants(*s.db, s.keys))
      for (auto& channel : storage::read_channels(*s.db, s.keys, tenant.id))
        if (channel.connected)
          all.push_back({tenant.settings.slug, std::move(channel.settings)});
  });
  // What cannot be read is told by what looks at the database.
  if (!read)
    all.clear();
  return all;
}

const char* name_of(graph::subscription_seen seen) {
  switch (seen) {
  case graph::subscription_seen::subscribed:
    return "subscribed";
  case graph::subscription_seen::missing:
    return "missing";
  case graph::subscription_seen::unclear:
    break;
  }
  return "unclear";
}

void ask_meta(const config::meta_settings& meta,
              std::vector<connected_channel>& all) {
  graph::endpoints where;
  where.graph_url = meta.graph_url;
  where.instagram_url = meta.instagram_url;
  where.api_version = meta.api_version;
  fetch::client_options options;
  options.allow_plain_http = meta.graph_url.starts_with("http://")
                             || meta.instagram_url.starts_with("http://");
  std::latch answers{static_cast<std::ptrdiff_t>(all.size())};
  auto client = fetch::make_curl_client(options);
  actors::account_calls calls{
    *client, where, {meta.app_id, meta.instagram_app_id}, meta.app_secret};
  for (auto& channel : all) {
    const auto& access = channel.settings.access;
    auto at = graph::subscription_point_of(
      channel.settings.kind, access.account_id, access.business_account_id,
      actors::login_of(channel.settings.kind, access));
    if (!at) {
      answers.count_down();
      continue;
    }
    calls.look(*at, access.token,
               [&channel, &answers](graph::subscription_seen seen) {
                 channel.state = name_of(seen);
                 answers.count_down();
               });
  }
  answers.wait();
}

} // namespace

void add_subscriptions(const checked& c, json::json_writer& w) {
  auto all = connected_channels(c);
  ask_meta(c.settings.meta, all);
  w.key("subscriptions").open_list();
  for (const auto& channel : all)
    w.open()
      .text("tenant", channel.tenant)
      .text("channel", to_string(channel.settings.kind))
      .text("account", channel.settings.access.account_id)
      .text("state", channel.state)
      .close();
  w.close_list();
}

} // namespace assistly::api
