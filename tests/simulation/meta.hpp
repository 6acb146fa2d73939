/// Everybody outside: customers, a business's people, and Meta between them,
/// which repeats, shuffles and delays whatever it tells, and loses answers.
#pragma once

#include "actors/message_sender.hpp"
#include "model/event.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/stage.hpp"

#include <functional>
#include <string>
#include <vector>

namespace assistly::simulation {

/// One POST to us. `answer` is called at most once, with true for a 200. False
/// is returned if nobody listens.
using webhook =
  std::function<bool(std::vector<inbound_event>, std::function<void(bool)>)>;

class meta {
public:
  meta(stage& s, checker& judge) : stage_(&s), judge_(&judge) {}

  void listen_with(webhook edge) {
    edge_ = std::move(edge);
  }

  /// Is told of each send that leaves: somebody of the business may see it.
  void watched_by(std::function<void(turn_id)> eyes) {
    eyes_ = std::move(eyes);
  }

  /// Puts down what customers do, and what people do in the Page inbox and on
  /// the phone.
  void populate();

  /// One send. `alive` says at each moment whether whoever called still lives.
  void call(actors::outgoing_message message, std::function<bool()> alive,
            std::function<void(actors::send_answer)> done);

  std::uint64_t deliveries() const noexcept {
    return deliveries_;
  }

private:
  struct customer {
    std::string account;
    channel_kind kind = channel_kind::messenger;
    std::string id;
    std::string thread;
    std::vector<std::string> said;
  };

  /// Tells of an event: once or again and again, soon or days later.
  void tell(inbound_event event, milliseconds soon, milliseconds late);
  void deliver(const inbound_event& event, int tries);
  void act(std::size_t who);
  void write(customer& c);
  void take_back(customer& c);
  void answer_by_hand(customer& c);
  inbound_event about(const customer& c, event_kind kind, std::string id);

  void arrive(const actors::outgoing_message& message,
              const std::function<bool()>& alive,
              std::function<void(actors::send_answer)> done);
  void accept(const actors::outgoing_message& message, const std::string& id);
  void echo(const actors::outgoing_message& message, const std::string& id);
  void statuses(const actors::outgoing_message& message, const std::string& id);

  stage* stage_;
  checker* judge_;
  webhook edge_;
  std::function<void(turn_id)> eyes_;
  std::vector<customer> customers_;
  std::vector<inbound_event> told_;
  std::uint64_t ids_ = 0;
  std::uint64_t deliveries_ = 0;
};

} // namespace assistly::simulation
