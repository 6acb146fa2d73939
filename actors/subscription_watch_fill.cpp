// What Meta could not tell: fetched conversation by conversation, and offered
// to *accept* as the webhook would have been.
#include "actors/subscription_watch_state.hpp"
#include "protocol/webhook/dedupe_key.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace assistly::actors {

using pointer = watch_pointer;

namespace {

/// Gaps that are fetched at once, and how fast each of them: Meta's read
/// interface takes two calls a second for an account (CONTRACT 9).
constexpr std::size_t most_gaps = 4;
constexpr milliseconds between_calls{500};
constexpr int longest_wait_in_failures = 10;

graph::history_account account_of(const open_gap& gap) {
  return {gap.channel.kind, gap.channel.access.account_id,
          login_of(gap.channel.kind, gap.channel.access)};
}

void next_call(pointer self, std::uint64_t number, milliseconds wait) {
  auto& services = *self->state.services;
  send_later(services, services.clock->now() + wait, me(self),
             fill_next{number});
}

/// The same again, later each time: Meta is away, or storage is full.
void try_again(pointer self, std::uint64_t number, open_gap& gap) {
  gap.failures = std::min(gap.failures + 1, longest_wait_in_failures);
  next_call(self, number, watch_again_after * gap.failures);
}

/// What a webhook would have said. Nothing for what has no words, or is not
/// known whose it is.
std::optional<inbound_event> event_of(const open_gap& gap,
                                      const std::string& customer,
                                      const shown_message& m) {
  if (m.external_id.empty() || m.text.empty() || m.at < gap.from
      || m.from == shown_side::unsaid || customer.empty())
    return std::nullopt;
  inbound_event e;
  e.kind = m.from == shown_side::business ? event_kind::echo
                                          : event_kind::customer_text;
  e.channel = gap.channel.kind;
  e.account_id = gap.channel.access.account_id;
  e.external_id = m.external_id;
  e.dedupe_key = webhook::message_key({e.channel, e.account_id}, m.external_id);
  e.at = m.at;
  e.has_time = true;
  e.person = {{e.channel == channel_kind::messenger ? alias_space::psid
                                                    : alias_space::igsid,
               customer}};
  e.text = m.text;
  e.callback = m.callback;
  return e;
}

/// What people answered comes before what was asked, so that nobody answers it
/// again; else in the order of time.
void put_in_order(std::vector<inbound_event>& events) {
  std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
    bool a_asks = a.kind == event_kind::customer_text;
    bool b_asks = b.kind == event_kind::customer_text;
    return a_asks != b_asks ? b_asks : a.at < b.at;
  });
}

/// The conversation's messages as entries; nothing if the picture is too old to
/// seal them.
std::optional<std::vector<storage::journal_entry>>
entries_of(pointer self, const open_gap& gap,
           const graph::told_conversation& told) {
  auto& services = *self->state.services;
  auto picture = services.directory.get();
  const auto* tenant = picture ? picture->tenant(gap.channel.tenant) : nullptr;
  std::vector<storage::journal_entry> all;
  if (!tenant)
    return all;
  std::vector<inbound_event> events;
  for (const auto& m : told.newest.messages)
    if (auto e = event_of(gap, told.customer, m))
      events.push_back(std::move(*e));
  put_in_order(events);
  for (auto& e : events) {
    auto entry = storage::make_entry(*tenant, gap.channel, std::move(e),
                                     services.clock->now(), *services.random);
    if (!entry)
      return std::nullopt;
    all.push_back(std::move(*entry));
  }
  return all;
}

void keep(pointer self, std::uint64_t number, open_gap& gap) {
  auto& state = self->state;
  auto entries = entries_of(self, gap, gap.to_keep.front());
  if (!entries)
    return try_again(self, number, gap);
  state.services->writer->submit_for(
    [all = std::move(*entries)](storage::work& w) {
      auto offered = all;
      storage::accept_fetched(w, offered);
      return offered;
    },
    [handle = me(self), number, ingress = state.ingress,
     services = state.services,
     kind = gap.channel.kind](outcome<std::vector<storage::journal_entry>> r) {
      if (!r)
        return caf::anon_send(handle, fetched_kept{number, r.error()});
      std::erase_if(*r, [](const auto& e) { return e.duplicate; });
      auto added = r->size();
      for (const auto& e : *r)
        services->metrics->events_total.at(kind, e.event->kind).add();
      services->metrics->events_filled_total.at(kind).add(added);
      if (added > 0)
        caf::anon_send(
          ingress,
          events_committed{
            std::make_shared<const std::vector<storage::journal_entry>>(
              std::move(*r))});
      caf::anon_send(handle, fetched_kept{number, added});
    });
}

void finish(pointer self, std::uint64_t number, const open_gap& gap) {
  auto& state = self->state;
  telemetry::log(telemetry::level::info, "gap_filled",
                 {{"channel", to_string(gap.channel.kind)},
                  {"messages", std::int64_t(gap.added)}});
  auto known = state.book->channels.find({gap.channel.tenant, gap.channel.id});
  if (known != state.book->channels.end()) {
    known->second.filling.reset();
    keep_watched(self, gap.channel);
  }
  state.gaps.erase(number);
  --state.gaps_under_way;
  begin_gaps(self);
}

/// Not all of what is ours of the conversation was on the pages so far.
bool wants_older(const open_gap& gap, const graph::told_conversation& told) {
  return !told.newest.next.empty()
         && std::none_of(told.newest.messages.begin(),
                         told.newest.messages.end(),
                         [&](const auto& m) { return m.at < gap.from; });
}

} // namespace

void open(pointer self, const storage::directory_channel& channel,
          timestamp from) {
  auto& state = self->state;
  for (auto& [number, gap] : state.gaps)
    if (gap.channel.tenant == channel.tenant && gap.channel.id == channel.id) {
      // What is known already counts once.
      gap.from = std::min(gap.from, from);
      gap.again = true;
      return;
    }
  open_gap gap;
  gap.channel = channel;
  gap.from = from;
  state.gaps.emplace(++state.last_gap, std::move(gap));
  state.gaps_waiting.push_back(state.last_gap);
  begin_gaps(self);
}

void begin_gaps(pointer self) {
  auto& state = self->state;
  while (state.gaps_under_way < most_gaps && !state.gaps_waiting.empty()) {
    ++state.gaps_under_way;
    auto number = state.gaps_waiting.front();
    state.gaps_waiting.pop_front();
    go_on(self, number);
  }
}

void go_on(pointer self, std::uint64_t number) {
  auto& state = self->state;
  auto it = state.gaps.find(number);
  if (it == state.gaps.end())
    return;
  auto& gap = it->second;
  // As it is connected now, or not any more.
  auto picture = state.services->directory.get();
  const auto* channel =
    picture ? picture->find(gap.channel.tenant, gap.channel.id) : nullptr;
  if (!channel || !channel->connected)
    return finish(self, number, gap);
  gap.channel = *channel;
  if (auto until = app_paused_until(self, gap.channel))
    return send_later(*state.services, *until, me(self), fill_next{number});
  auto& calls = *state.services->accounts;
  if (!gap.to_keep.empty()) {
    const auto& told = gap.to_keep.front();
    if (!wants_older(gap, told))
      return keep(self, number, gap);
    return calls.messages(
      account_of(gap), told, told.newest.next, gap.channel.access.token,
      [handle = me(self), number](std::optional<graph::told_messages> page) {
        caf::anon_send(
          handle, messages_told{
                    number, page ? std::make_shared<const graph::told_messages>(
                              std::move(*page))
                                 : nullptr});
      });
  }
  if (gap.last_page && !std::exchange(gap.again, false))
    return finish(self, number, gap);
  if (gap.last_page) {
    gap.last_page = false;
    gap.after.clear();
  }
  calls.conversations(
    account_of(gap), gap.after, gap.channel.access.token,
    [handle = me(self), number](std::optional<graph::told_conversations> page) {
      caf::anon_send(
        handle,
        conversations_told{
          number, page ? std::make_shared<const graph::told_conversations>(
                    std::move(*page))
                       : nullptr});
    });
}

void take_conversations(pointer self, const conversations_told& told) {
  auto it = self->state.gaps.find(told.gap);
  if (it == self->state.gaps.end())
    return;
  auto& gap = it->second;
  if (!told.page)
    return try_again(self, told.gap, gap);
  gap.failures = 0;
  for (const auto& c : told.page->conversations)
    if (c.updated_at >= gap.from)
      gap.to_keep.push_back(c);
  gap.after = told.page->next;
  // Meta lists the newest first: behind a page of old ones all are.
  gap.last_page = told.page->next.empty() || gap.to_keep.empty();
  next_call(self, told.gap, between_calls);
}

void take_messages(pointer self, const messages_told& told) {
  auto it = self->state.gaps.find(told.gap);
  if (it == self->state.gaps.end() || it->second.to_keep.empty())
    return;
  auto& gap = it->second;
  if (!told.page)
    return try_again(self, told.gap, gap);
  gap.failures = 0;
  auto& newest = gap.to_keep.front().newest;
  newest.messages.insert(newest.messages.end(), told.page->messages.begin(),
                         told.page->messages.end());
  newest.next = told.page->next;
  next_call(self, told.gap, between_calls);
}

void take_kept(pointer self, const fetched_kept& kept) {
  auto it = self->state.gaps.find(kept.gap);
  if (it == self->state.gaps.end())
    return;
  auto& gap = it->second;
  if (!kept.added)
    return try_again(self, kept.gap, gap);
  gap.failures = 0;
  gap.added += *kept.added;
  if (!gap.to_keep.empty())
    gap.to_keep.pop_front();
  go_on(self, kept.gap);
}

} // namespace assistly::actors
