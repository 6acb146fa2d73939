/// What must be true, held outside the database: it sees what was promised to
/// the outside and what reached it, and compares with what is stored.
#pragma once

#include "storage/erasure.hpp"
#include "storage/transactions/reply.hpp"
#include "storage/transactions/take_in.hpp"
#include "tests/simulation/stage.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace assistly::simulation {

class node;

class checker {
public:
  explicit checker(stage& s) : stage_(&s) {}

  // -- what the core tells ---------------------------------------------------
  /// The 200 left.
  void acknowledged(const storage::journal_entry& e);
  void taken_in(const storage::journal_entry& e, const storage::taken_in& how);
  /// People have the conversation under this epoch.
  void people_speak(const conversation& c);
  void decided(const storage::decided& d);
  void claimed(const outbox_row& row);
  /// An erasure may have gone on: from here on it excuses what is missing.
  void erases(const storage::erase_request& r);
  void erased(const storage::erase_request& r);
  /// It was not due after all.
  void spared(const storage::erase_request& r);
  /// Nobody can say whether it arrived, or the process died while it was
  /// under way: `since` is when the 60 s begin.
  void in_doubt(turn_id id, timestamp since);

  // -- what the outside tells ------------------------------------------------
  void sent_out(turn_id id, timestamp when);
  void arrived(turn_id id, const std::string& external_id);
  /// Meta took it, and said later that it could not deliver it.
  void withdrawn_by_meta(turn_id id);

  // -- what is compared ------------------------------------------------------
  /// The whole database against all of the above. With `at_end` nothing may be
  /// owed any more.
  void compare(node& n, bool at_end);
  /// What must be resolved or shown by now.
  void compare_doubts(node& n);

  /// Conversations that were there at the last look, for people to act on.
  const std::vector<conversation>& known() const noexcept {
    return known_;
  }

  /// The row of a send, as it was when it was claimed last.
  std::optional<outbox_row> row_of(turn_id id) const;

  const std::vector<std::string>& broken() const noexcept {
    return broken_;
  }

  struct figures {
    std::uint64_t acknowledged = 0;
    std::uint64_t posts = 0;
    std::uint64_t arrived = 0;
    std::uint64_t doubts = 0;
    std::uint64_t erased = 0;
    std::uint64_t looks = 0;
  };

  figures counted;

private:
  /// By tenant and Meta's id.
  using event_name = std::pair<tenant_id, std::string>;

  struct event_state {
    lookup_hash hash;
    timestamp received_at{};
    bool acknowledged = false;
    /// It was seen as a turn, so an erasure of its conversation takes it.
    std::optional<conversation_id> in;
    bool gone = false;
  };

  struct send_state {
    int arrived = 0;
    bool withdrawn_by_meta = false;
    std::optional<timestamp> doubt_since;
    std::optional<outbox_row> row;
  };

  struct talk_state {
    tenant_id tenant;
    lookup_hash hash;
    person_id person;
    std::int64_t seq = 0;
    std::int64_t epoch = 0;
    std::int64_t people_epoch = 0;
    std::map<std::int64_t, turn_id> turns;
    bool erasing = false;
    bool erased = false;
  };

  /// What one look at the database found.
  struct picture {
    std::map<event_name, int> effects;
    std::set<event_name> as_turns;
    std::set<conversation_id> talks;
    std::set<turn_id> open;
  };

  void fail(const std::string& what);
  event_state& event_of(tenant_id tenant, const inbound_event& e);
  void read_journal(node& n, picture& found, bool at_end);
  void read_talks(node& n, picture& found, bool at_end);
  void read_turns(node& n, const conversation& c, picture& found, bool at_end);
  void read_sends(node& n, const conversation& c, picture& found, bool at_end);
  void judge_talk(const conversation& c);
  void judge_turn(const turn& t);
  void judge_events(const picture& found);
  void judge_gone(node& n, const picture& found);
  bool excused(const event_name& name, const event_state& e) const;

  stage* stage_;
  std::vector<std::string> broken_;
  std::map<event_name, event_state> events_;
  std::map<turn_id, send_state> sends_;
  std::map<conversation_id, talk_state> talks_;
  /// Requests to erase, by the hash they reach: made at most then.
  std::map<std::pair<tenant_id, lookup_hash>, timestamp> requested_;
  std::vector<conversation> known_;
  /// Begun, and not known to have come to their end.
  std::set<uuid> erasures_under_way_;
};

} // namespace assistly::simulation
