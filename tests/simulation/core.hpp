/// The part of the actors, on one thread and with chance for a scheduler: who
/// is called when, what waits, what is remembered. What is done is done by the
/// transactions of `storage/` and the decisions of `model/`, as in production.
#pragma once

#include "actors/message_sender.hpp"
#include "actors/wake_queue.hpp"
#include "storage/erasure.hpp"
#include "storage/journal.hpp"
#include "storage/outbox.hpp"
#include "storage/transactions/reply.hpp"
#include "storage/transactions/take_in.hpp"
#include "storage/transactions/undelivered.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/meta.hpp"
#include "tests/simulation/node.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace assistly::simulation {

class core {
public:
  core(stage& s, node& n, meta& out, checker& judge)
    : stage_(&s), node_(&n), meta_(&out), judge_(&judge), wakes_(s.clock) {}

  /// Start is recovery. Nothing is served before it has come to its end.
  void start();

  bool serves() const noexcept {
    return picture_ != nullptr;
  }

  /// The HTTP edge: false if nobody listens.
  bool receive(std::vector<inbound_event> events,
               std::function<void(bool)> answer);

  void act(const conversation& c, storage::member_act what, std::string text);
  void ask_to_erase(const storage::erase_request& r);

  actors::wake_queue& wakes() noexcept {
    return wakes_;
  }

private:
  class accept_unit;
  using entry = std::shared_ptr<const storage::journal_entry>;
  using place = std::pair<tenant_id, lookup_hash>;

  struct mailbox {
    std::optional<conversation> now;
    std::int64_t replying_for = 0;
    bool deciding = false;
    /// Events of one conversation are worked off in their order.
    timestamp ready{};
  };

  struct pending_send {
    turn_id id;
    conversation_id conversation;
  };

  struct adapter {
    storage::directory_channel channel;
    std::map<conversation_id, std::deque<pending_send>> talking;
    std::set<turn_id> known;
    std::optional<timestamp> paused_until;
  };

  struct erase_order {
    storage::erase_request request;
    timestamp not_before{};
    int failures = 0;
  };

  // core.cpp: from the edge to a decision
  void later(milliseconds least, milliseconds most, std::function<void()> what);
  conversation_policy policy_of(tenant_id tenant, channel_id channel) const;
  void committed(std::vector<storage::journal_entry>& all, bool good,
                 const std::function<void(bool)>& answer);
  void hand_out(const storage::journal_entry& e);
  void deliver(const entry& e, const lookup_hash& hash);
  void route(const entry& e);
  void take_in(const entry& e, const lookup_hash& hash);
  void took_in(const entry& e, const lookup_hash& hash,
               const outcome<storage::taken_in>& result);
  void read_state(const place& where);
  void reply_if_due(const place& where);
  void make_draft(const place& where, std::int64_t epoch, std::int64_t for_seq);
  draft words_for(const conversation& c);
  void decide(const place& where, const draft& made);
  void took_decision(const place& where,
                     const outcome<storage::decided>& result);

  // core_sends.cpp: from the outbox to a receipt, or to people
  adapter& adapter_of(tenant_id tenant, channel_id channel);
  bool is_idle(adapter& a, const conversation& c);
  void take_rows(const storage::decided& d);
  void enqueue(adapter& a, const pending_send& send);
  void begin(adapter& a, const pending_send& send);
  void ask_claim(adapter& a, const pending_send& send);
  storage::claimed_send claim_now(storage::work& w, adapter& a,
                                  const pending_send& send);
  void took_claim(adapter& a, const pending_send& send,
                  const outcome<storage::claimed_send>& result);
  void call(adapter& a, const outbox_row& row, const correspondent& to,
            const std::string& text);
  void give_back(adapter& a, const pending_send& send);
  void settle(adapter& a, const pending_send& send,
              const actors::send_answer& answer);
  void settled(adapter& a, const pending_send& send,
               const actors::send_answer& answer,
               const outcome<storage::settled>& result);
  void release(adapter& a, conversation_id conversation);
  void put_off(adapter& a, const pending_send& send, timestamp until);
  void show_later(tenant_id tenant, turn_id id, timestamp when);
  void show(tenant_id tenant, turn_id id);

  // core_erasing.cpp: the due queue and the eraser
  void look_for_due();
  void sweep();
  void erase(const storage::erase_request& r);
  void run_next_erasure();
  void took_step(const outcome<storage::erase_progress>& result);
  void put_off_erasure(milliseconds delay);
  void empty_log();

  // core_start.cpp
  void doubt_sending(storage::work& w);
  void resume();
  void refresh_picture();

  stage* stage_;
  node* node_;
  meta* meta_;
  checker* judge_;
  actors::wake_queue wakes_;
  std::shared_ptr<const storage::directory> picture_;
  std::map<place, mailbox> mailboxes_;
  std::map<std::pair<tenant_id, channel_id>, adapter> adapters_;
  std::deque<erase_order> erasures_;
  bool erasing_ = false;
};

} // namespace assistly::simulation
