#include "storage/subscriptions.hpp"

#include "storage/node_values.hpp"
#include "storage/sql/run.hpp"

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::storage {

namespace {

constexpr sql::query seen_about{
  "SELECT 1 FROM seen WHERE tenant_id = $1 AND at >= $2 AND at <= $3 "
  "AND key_hash = $4 LIMIT 1"};

constexpr sql::query drop_book{
  "DELETE FROM node WHERE substr(name, 1, 6) = 'watch.'"};

constexpr milliseconds told_apart = seconds{2};

constexpr std::string_view alive_name = "watch.alive";
constexpr std::string_view prefix = "watch.channel.";

std::string name_of_channel(tenant_id tenant, channel_id channel) {
  std::string name{prefix};
  name += std::to_string(tenant.value);
  name += '.';
  name += std::to_string(channel.value);
  return name;
}

/// A whole number at the front, which is taken away with what follows it.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty())
    text.remove_prefix(1);
  return value;
}

std::optional<timestamp> time_in(std::string_view text) {
  auto ms = take_number(text);
  return ms ? std::optional{from_unix_ms(*ms)} : std::nullopt;
}

void read_channel(std::string_view name, std::string_view value,
                  watch_book& into) {
  name.remove_prefix(prefix.size());
  auto tenant = take_number(name);
  auto channel = take_number(name);
  auto since = take_number(value);
  if (!tenant || !channel || !since)
    return;
  watched_channel what{from_unix_ms(*since), time_in(value)};
  into.channels.insert_or_assign({tenant_id{*tenant}, channel_id{*channel}},
                                 what);
}

} // namespace

watch_book read_watch_book(sql::connection& db) {
  watch_book book;
  if (auto alive = node_value(db, alive_name))
    book.last_alive = time_in(*alive);
  for (const auto& [name, value] : node_values_under(db, prefix))
    read_channel(name, value, book);
  return book;
}

void note_alive(work& w) {
  set_node_value(w.db, alive_name, std::to_string(to_unix_ms(w.now)));
}

void note_watched(work& w, tenant_id tenant, channel_id channel,
                  const watched_channel& what) {
  auto value = std::to_string(to_unix_ms(what.since));
  if (what.filling)
    value += ' ' + std::to_string(to_unix_ms(*what.filling));
  set_node_value(w.db, name_of_channel(tenant, channel), value);
}

void forget_watched(work& w, tenant_id tenant, channel_id channel) {
  drop_node_value(w.db, name_of_channel(tenant, channel));
}

void forget_watch_book(work& w) {
  sql::run_node(w.db, drop_book);
}

void accept_fetched(work& w, std::span<journal_entry> entries) {
  for (auto& e : entries) {
    e.duplicate = sql::ask(w.db, e.tenant, seen_about, e.filed_at - told_apart,
                           e.filed_at + told_apart, e.key_hash)
                    .next();
    if (!e.duplicate)
      accept(w, {&e, 1});
  }
}

} // namespace assistly::storage
