#include "tests/simulation/tenants.hpp"

#include "model/channel.hpp"

#include <string>

namespace assistly::simulation {

namespace {

tenant_plan business(const std::string& slug, milliseconds keeps) {
  tenant_plan made;
  made.settings.slug = slug;
  made.settings.name = slug + " Ltd";
  made.settings.email = "owner@" + slug + ".example";
  made.settings.languages = {"en"};
  made.settings.retention.conversation = keeps;
  for (auto kind : all_channel_kinds) {
    bool page =
      kind == channel_kind::messenger || kind == channel_kind::page_comments;
    channel_settings c;
    c.kind = kind;
    c.access.account_id = slug
                          + (page                             ? "-page"
                             : kind == channel_kind::whatsapp ? "-number"
                                                              : "-insta");
    c.access.token = secret_text{"token-of-" + slug};
    made.channels.push_back(std::move(c));
  }
  return made;
}

} // namespace

std::vector<tenant_plan> business_plans() {
  return {business("short", minutes{30}), business("days", days{2}),
          business("long", days{30})};
}

} // namespace assistly::simulation
