/// What a tenant shares with its conversations: a view that is swapped whole,
/// and the way to the adapters.
#pragma once

#include "actors/adapter_gate.hpp"
#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace assistly::actors {

struct adapter_seat {
  channel_adapter_actor handle;
  std::shared_ptr<adapter_gate> gate;
};

class tenant_shared {
public:
  swapped<tenant_view> view;

  std::optional<adapter_seat> adapter(channel_id id) const {
    std::lock_guard lock{mutex_};
    auto it = adapters_.find(id);
    if (it == adapters_.end())
      return std::nullopt;
    return it->second;
  }

  void seat(channel_id id, adapter_seat seat) {
    std::lock_guard lock{mutex_};
    adapters_.insert_or_assign(id, std::move(seat));
  }

  /// A place to make an answer in. If there is none, `who` is told of the next
  /// one, unless `in_line` says that it waits for that already.
  bool begin_answer(std::size_t most, const caf::actor_addr& who,
                    bool in_line) {
    std::lock_guard lock{answers_mutex_};
    if (answering_ < most) {
      ++answering_;
      return true;
    }
    if (!in_line)
      line_.push_back(who);
    return false;
  }

  void end_answer() {
    conversation_actor next;
    {
      std::lock_guard lock{answers_mutex_};
      --answering_;
      while (!next && !line_.empty()) {
        next = caf::actor_cast<conversation_actor>(line_.front());
        line_.pop_front();
      }
    }
    if (next)
      caf::anon_send(next, place_free{});
  }

  void clear() {
    std::lock_guard lock{mutex_};
    adapters_.clear();
  }

private:
  mutable std::mutex mutex_;
  std::map<channel_id, adapter_seat> adapters_;
  std::mutex answers_mutex_;
  std::size_t answering_ = 0;
  std::deque<caf::actor_addr> line_;
};

/// A place taken by `begin_answer`.
class answer_pass {
public:
  explicit answer_pass(std::shared_ptr<tenant_shared> of)
    : of_(std::move(of)) {}

  answer_pass(const answer_pass&) = delete;
  answer_pass& operator=(const answer_pass&) = delete;

  ~answer_pass() {
    of_->end_answer();
  }

private:
  std::shared_ptr<tenant_shared> of_;
};

} // namespace assistly::actors
