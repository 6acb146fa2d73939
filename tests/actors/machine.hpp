/// A node's whole machine on virtual time: real storage, real actors, a Meta
/// that does as it is told.
#pragma once

#include "actors/account_calls.hpp"
#include "actors/node.hpp"
#include "actors/services.hpp"
#include "tests/storage/storage_node.hpp"

#include <deque>
#include <mutex>
#include <vector>

namespace assistly::fakes {

/// What the business knows.
inline const std::string question = "When are you open?";
inline const std::string opening = "We are open from nine to six.";

inline actors::node_limits answering_at_once() {
  actors::node_limits limits;
  limits.quiet = milliseconds{0};
  return limits;
}

/// Meta: keeps what is sent, and says what the test has put down.
class scripted_sender final : public actors::message_sender {
public:
  using done = std::function<void(actors::send_answer)>;

  void send(actors::outgoing_message message, done when_done) override;
  /// Keeps no record that could be asked.
  void look_up(actors::sought_message what,
               std::function<void(actors::look_up_answer)> when_done) override;

  /// What the next calls get; without any, each is accepted.
  void next(actors::send_answer answer);
  /// From now on calls get no answer until `let_go`; of one channel, or of all.
  void hold(std::optional<channel_kind> channel = {});
  void let_go();
  /// The answers to the calls that are held never come, as after a crash.
  void lose_held();
  /// The next call ends the adapter that makes it, before it leaves.
  void throw_next();

  std::vector<actors::outgoing_message> sent() const;
  std::size_t count() const;

private:
  actors::send_answer accepted();

  mutable std::mutex mutex_;
  std::vector<actors::outgoing_message> sent_;
  std::deque<actors::send_answer> script_;
  std::vector<done> held_;
  bool holding_ = false;
  std::optional<channel_kind> held_channel_;
  bool throwing_ = false;
  int ids_ = 0;
};

class machine {
public:
  /// The ways out. Without a sender it is `meta`, without account calls nobody
  /// watches the subscriptions.
  struct outside {
    std::unique_ptr<actors::message_sender> sender;
    std::unique_ptr<actors::account_calls> accounts;
  };

  using make_outside = std::function<outside(const clock_source&)>;

  explicit machine(actors::node_limits limits = {},
                   const make_outside& make = {});
  ~machine();
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;

  /// What Meta tells: on disk, and handed to the actors.
  storage::journal_entry deliver(inbound_event event);

  /// Goes on until `condition` holds; false if it does not within ten seconds
  /// of real time. Virtual time creeps meanwhile, a millisecond a look.
  bool until(const std::function<bool()>& condition);

  /// Wakes what is due and waits for nothing.
  void wake();

  /// Lets so much virtual time pass, waking what is due each second of it.
  void pass(milliseconds time);

  /// What handling an event does from now on, also after a restart.
  void set_faults(actors::event_faults faults);

  /// What a stop does first; false if calls are still under way after
  /// `longest`.
  bool finish_sends(milliseconds longest);

  /// Ends the actors as a stop would, and starts them again on the same
  /// storage; `between` is called while nothing runs.
  void restart(const std::function<void()>& between = {});

  /// A restart that finds what `left` writes, as a process that died leaves it.
  /// Nobody who runs has seen it before: what is written beside running actors
  /// may be in their hands already.
  void restart_with(const std::function<void()>& left);

  void act(conversation_id id, storage::member_act what, std::string text = {});
  std::optional<conversation> find(conversation_id id);
  std::optional<conversation> first();
  /// Of somebody by their external id.
  std::optional<conversation> of(const std::string& who);

  storage_node storage;
  scripted_sender meta;
  telemetry::registry registry;
  telemetry::assistly_metrics metrics{registry};
  actors::commit_pressure pressure;
  /// Wake-ups that were due so far.
  std::size_t woken = 0;
  actors::node_limits limits;
  std::unique_ptr<actors::node> node;

private:
  void start();
  void stop();
  void let_others_work();

  outside outside_;
  std::unique_ptr<actors::wake_queue> wakes_;
  std::unique_ptr<actors::background> builder_;
  std::unique_ptr<actors::sends_under_way> sends_;
  std::unique_ptr<actors::node_services> services_;
  actors::event_faults faults_;
};

} // namespace assistly::fakes
