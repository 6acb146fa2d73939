/// The stand-in for Meta on the machine's virtual time, reached by the real way
/// out: what the server asks is answered by the world that its customers live
/// in.
#pragma once

#include "actors/account_calls.hpp"
#include "actors/graph_sender.hpp"
#include "protocol/fetch/client.hpp"
#include "sandbox/world.hpp"
#include "tests/fakes/seeded_random.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace assistly::fakes {

class graph_world final : public fetch::client {
public:
  /// Plays the accounts of `plan_of("acme")`.
  explicit graph_world(const clock_source& clock);

  void send(fetch::request wanted, fetch::done when_done) override;

  /// A customer writes; what Meta tells of it comes by `webhooks`.
  void customer(channel_kind kind, const std::string& text,
                const std::string& who = "Ann");
  /// Somebody of the business answers in an app of Meta's.
  void staff(channel_kind kind, const std::string& text,
             const std::string& who = "Ann");

  /// Every webhook that is due, delivered: its events. With `status` other than
  /// 200 they are refused instead, and there are none.
  std::vector<inbound_event> webhooks(int status = 200);

  /// A fault on demand, as for `POST /sandbox/faults`.
  void strike(const std::string& rule);

  /// What the business said to that customer, as their phone shows it.
  std::vector<std::string> said_to(channel_kind kind,
                                   const std::string& who = "Ann");

  /// Calls of that method whose path holds `part`.
  std::size_t asked(const std::string& method, const std::string& part) const;

  std::unique_ptr<actors::message_sender> way_out();
  std::unique_ptr<actors::account_calls> accounts();

  /// Does Meta tell of the account? Anybody may end that.
  bool subscribed(const std::string& node);
  void unsubscribe(const std::string& node);

  /// While true, nothing of Meta's can be reached.
  std::atomic<bool> away{false};

  /// Under `mutex`.
  sandbox::sandbox_world world;
  std::mutex mutex;

private:
  std::string ask(const std::string& method, const std::string& path);

  seeded_random random_{5};
  std::vector<std::pair<std::string, std::string>> calls_;
  std::int64_t arrivals_ = 0;
};

} // namespace assistly::fakes
