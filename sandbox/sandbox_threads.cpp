/// The two threads of the stand-in, and its handshake.
#include "sandbox/sandbox_core.hpp"

#include <algorithm>
#include <array>

namespace assistly::sandbox {

std::vector<std::pair<http::responder, http::response>>
sandbox_core::take_ended(steady::time_point now) {
  std::vector<std::pair<http::responder, http::response>> out;
  std::erase_if(phones, [&](waiting_phone& one) {
    if (one.due > now && !world.phone_changed(one.held.view, one.held.after))
      return false;
    out.emplace_back(std::move(one.to), answer_phone(world, one.held));
    return true;
  });
  std::erase_if(late, [&](late_answer& one) {
    if (one.due > now)
      return false;
    // Dropping a responder answers 503: by then nobody waits for it.
    if (one.what)
      out.emplace_back(std::move(one.to), *std::move(one.what));
    return true;
  });
  return out;
}

void sandbox_core::drive() {
  std::unique_lock lock{mutex};
  while (!stopping) {
    woken = false;
    auto ended = take_ended(steady::now());
    std::vector<webhook_delivery> due;
    const auto url = facts.webhook_url;
    if (!url.empty() && under_way < options.webhooks_at_once)
      due = world.take_webhooks(options.webhooks_at_once - under_way);
    under_way += due.size();
    lock.unlock();
    http::send_all(std::move(ended));
    std::vector<std::pair<fetch::request, fetch::done>> calls;
    for (auto& one : due) {
      fetch::request wanted;
      wanted.url = url;
      wanted.headers = {"Content-Type: application/json",
                        "X-Hub-Signature-256: " + one.signature};
      wanted.body = std::move(one.body);
      wanted.total_timeout = one.timeout;
      calls.emplace_back(std::move(wanted),
                         [this, id = one.id](outcome<fetch::response> came) {
                           const std::lock_guard guard{mutex};
                           --under_way;
                           world.webhook_finished(id, came ? came->status : 0);
                           woken = true;
                           driver_wakes.notify_one();
                         });
    }
    if (!calls.empty())
      client->send_all(std::move(calls));
    lock.lock();

    auto wake = steady::now() + seconds{60};
    for (const auto& one : phones)
      wake = std::min(wake, one.due);
    for (const auto& one : late)
      wake = std::min(wake, one.due);
    if (const auto next = world.next_webhook();
        next && !facts.webhook_url.empty()
        && under_way < options.webhooks_at_once)
      wake = std::min(wake, steady::now() + (*next - world.now()));
    driver_wakes.wait_until(lock, wake, [&] { return woken || stopping; });
  }
}

void sandbox_core::serve_team() {
  std::unique_lock lock{mutex};
  for (;;) {
    team_wakes.wait(lock, [&] { return stopping || !orders.empty(); });
    if (stopping)
      return;
    auto next = std::move(orders.front());
    orders.pop_front();
    lock.unlock();
    {
      const std::lock_guard use{team_use};
      std::optional<outcome<std::string>> said;
      if (auto* side = options.team) {
        const auto& which = next.order.which;
        switch (next.order.what) {
        case team_order::action::look:
          said = side->conversation(which);
          break;
        case team_order::action::take:
          said = side->take(which);
          break;
        case team_order::action::reply:
          said = side->reply(which, next.order.text);
          break;
        case team_order::action::give_back:
          said = side->give_back(which);
          break;
        }
      }
      std::move(next.to).send(answer_team(said));
    }
    lock.lock();
  }
}

void sandbox_core::shake_hands() {
  fetch::request wanted;
  std::string challenge;
  {
    const std::lock_guard lock{mutex};
    if (stopping || facts.webhook_url.empty() || options.verify_token.empty())
      return;
    std::array<std::byte, 4> drawn{};
    random.fill(drawn);
    std::uint32_t number = 0;
    for (const auto b : drawn)
      number = number << 8 | std::to_integer<std::uint32_t>(b);
    challenge = std::to_string(number);
    facts.handshake = "pending";
    wanted.method = "GET";
    wanted.url =
      facts.webhook_url + "?hub.mode=subscribe&hub.challenge=" + challenge
      + "&hub.verify_token=" + http::url_encode(options.verify_token.reveal());
  }
  client->send(std::move(wanted),
               [this, challenge](outcome<fetch::response> came) {
                 const std::lock_guard guard{mutex};
                 facts.handshake =
                   !came ? "unreachable"
                   : came->status == 200 && came->body == challenge ? "ok"
                                                                    : "refused";
               });
}

} // namespace assistly::sandbox
