/// The running machine: every actor of a node, behind plain functions, so that
/// nobody outside needs CAF.
#pragma once

#include "actors/services.hpp"
#include "storage/erasure.hpp"
#include "storage/journal.hpp"
#include "storage/transactions/reply.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace assistly::actors {

class node {
public:
  /// Recovers first (sends that were under way are in doubt), reads the
  /// directory, starts the actors, hands out the journal and what is owed.
  /// `services` outlive the node; their threads (writer, reader, wakes) run
  /// already.
  static outcome<std::unique_ptr<node>> start(node_services& services);

  /// Ends every actor; nothing is lost, for everything owed is in storage.
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// From the writer's thread, once a batch of events is durable.
  void events_committed(std::vector<storage::journal_entry> batch);

  /// After something was applied; `done` when the new picture is in force. It
  /// is called on another thread.
  void refresh(std::function<void()> done);

  /// After a member's act: its mailbox reads its state anew, and sends what the
  /// act queued.
  void conversation_changed(tenant_id tenant, const lookup_hash& hash,
                            std::vector<outbox_row> sends);

  /// `done` gets the proof, or why there is none; on another thread.
  void erase(const storage::erase_request& request,
             std::function<void(outcome<storage::receipt>)> done);

private:
  struct machine;

  explicit node(std::unique_ptr<machine> made);

  std::unique_ptr<machine> machine_;
};

} // namespace assistly::actors
