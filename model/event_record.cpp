#include "model/event_record.hpp"

#include "model/record.hpp"

namespace assistly {

namespace {

constexpr std::int64_t version = 1;

} // namespace

std::string to_record(const inbound_event& event) {
  record_writer w;
  w.integer(version)
    .integer(static_cast<int>(event.kind))
    .integer(static_cast<int>(event.channel))
    .text(event.account_id)
    .text(event.external_id)
    .text(event.dedupe_key)
    .integer(to_unix_ms(event.at))
    .integer(event.has_time)
    .integer(static_cast<std::int64_t>(event.person.size()));
  for (const auto& who : event.person)
    w.integer(static_cast<int>(who.space)).text(who.external_id);
  w.text(event.person_name)
    .text(event.text)
    .text(event.thread_id)
    .text(event.parent_id)
    .text(event.reply_to)
    .text(event.app_id)
    .text(event.callback)
    .integer(event.from_phone)
    .integer(event.standby)
    .integer(event.edit)
    .integer(static_cast<int>(event.state))
    .integer(event.failure_code)
    .text(event.raw);
  return std::move(w).take();
}

std::optional<inbound_event> event_from_record(std::string_view record) {
  record_reader r{record};
  if (r.integer() != version)
    return std::nullopt;
  inbound_event event;
  event.kind = static_cast<event_kind>(r.integer());
  event.channel = static_cast<channel_kind>(r.integer());
  event.account_id = r.text();
  event.external_id = r.text();
  event.dedupe_key = r.text();
  event.at = from_unix_ms(r.integer());
  event.has_time = r.integer() != 0;
  auto count = r.integer();
  for (std::int64_t i = 0; i < count && !r.broken(); ++i) {
    auto space = static_cast<alias_space>(r.integer());
    event.person.push_back({space, std::string{r.text()}});
  }
  event.person_name = r.text();
  event.text = r.text();
  event.thread_id = r.text();
  event.parent_id = r.text();
  event.reply_to = r.text();
  event.app_id = r.text();
  event.callback = r.text();
  event.from_phone = r.integer() != 0;
  event.standby = r.integer() != 0;
  event.edit = r.integer() != 0;
  event.state = static_cast<delivery_state>(r.integer());
  event.failure_code = static_cast<std::int32_t>(r.integer());
  event.raw = r.text();
  // Everything up to here was written from the first version on.
  if (r.broken() || r.ran_out())
    return std::nullopt;
  return event;
}

} // namespace assistly
