#include "model/channel.hpp"
#include "model/errc.hpp"
#include "model/event.hpp"
#include "model/turn.hpp"

namespace assistly {

std::string_view to_string(errc code) noexcept {
  switch (code) {
  case errc::none:
    return "none";
  case errc::bad_signature:
    return "bad_signature";
  case errc::unreadable:
    return "unreadable";
  case errc::unknown_account:
    return "unknown_account";
  case errc::not_found:
    return "not_found";
  case errc::invalid:
    return "invalid";
  case errc::conflict:
    return "conflict";
  case errc::window_closed:
    return "window_closed";
  case errc::not_permitted:
    return "not_permitted";
  case errc::busy:
    return "busy";
  case errc::storage_full:
    return "storage_full";
  case errc::storage_failed:
    return "storage_failed";
  case errc::wrong_key:
    return "wrong_key";
  case errc::key_destroyed:
    return "key_destroyed";
  case errc::network_failed:
    return "network_failed";
  case errc::in_doubt:
    return "in_doubt";
  case errc::io_failed:
    return "io_failed";
  case errc::internal:
    return "internal";
  }
  return "unknown";
}

std::string_view to_string(channel_kind kind) noexcept {
  switch (kind) {
  case channel_kind::messenger:
    return "messenger";
  case channel_kind::instagram:
    return "instagram";
  case channel_kind::whatsapp:
    return "whatsapp";
  case channel_kind::page_comments:
    return "page_comments";
  case channel_kind::instagram_comments:
    return "instagram_comments";
  }
  return "unknown";
}

std::optional<channel_kind> parse_channel_kind(std::string_view name) noexcept {
  for (auto kind : all_channel_kinds)
    if (to_string(kind) == name)
      return kind;
  return std::nullopt;
}

std::string_view to_string(channel_mode mode) noexcept {
  switch (mode) {
  case channel_mode::off:
    return "off";
  case channel_mode::draft:
    return "draft";
  case channel_mode::automatic:
    return "automatic";
  }
  return "unknown";
}

std::optional<channel_mode> parse_channel_mode(std::string_view name) noexcept {
  for (auto mode :
       {channel_mode::off, channel_mode::draft, channel_mode::automatic})
    if (to_string(mode) == name)
      return mode;
  return std::nullopt;
}

std::string_view to_string(alias_space space) noexcept {
  switch (space) {
  case alias_space::psid:
    return "psid";
  case alias_space::page_user:
    return "page_user";
  case alias_space::igsid:
    return "igsid";
  case alias_space::wa_phone:
    return "wa_phone";
  case alias_space::bsuid:
    return "bsuid";
  }
  return "unknown";
}

std::string_view to_string(event_kind kind) noexcept {
  switch (kind) {
  case event_kind::customer_text:
    return "customer_text";
  case event_kind::echo:
    return "echo";
  case event_kind::status:
    return "status";
  case event_kind::watermark:
    return "watermark";
  case event_kind::withdrawn:
    return "withdrawn";
  case event_kind::other:
    return "other";
  }
  return "unknown";
}

std::string_view to_string(author who) noexcept {
  switch (who) {
  case author::customer:
    return "customer";
  case author::ai:
    return "ai";
  case author::human:
    return "human";
  case author::phone:
    return "phone";
  case author::system:
    return "system";
  }
  return "unknown";
}

std::string_view to_string(turn_state state) noexcept {
  switch (state) {
  case turn_state::received:
    return "received";
  case turn_state::queued:
    return "queued";
  case turn_state::sending:
    return "sending";
  case turn_state::sent:
    return "sent";
  case turn_state::delivered:
    return "delivered";
  case turn_state::read:
    return "read";
  case turn_state::failed:
    return "failed";
  case turn_state::unknown:
    return "unknown";
  case turn_state::cancelled:
    return "cancelled";
  case turn_state::withdrawn:
    return "withdrawn";
  }
  return "unknown";
}

std::string_view to_string(turn_kind kind) noexcept {
  switch (kind) {
  case turn_kind::text:
    return "text";
  case turn_kind::public_reply:
    return "public_reply";
  case turn_kind::private_reply:
    return "private_reply";
  case turn_kind::note:
    return "note";
  }
  return "unknown";
}

} // namespace assistly
