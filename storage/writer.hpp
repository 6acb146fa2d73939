/// Unit of work and group commit (DESIGN section 5): one plain thread runs what
/// is queued, each unit under its own savepoint, commits once, and tells
/// everyone.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "storage/database.hpp"
#include "storage/fair_queue.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <type_traits>
#include <vector>

namespace assistly::storage {

/// What a unit may use while it runs. `now` is one moment for the whole batch.
struct work {
  sql::connection& db;
  key_store& keys;
  timestamp now;
  random_source& random;
};

/// A piece of work that is written whole or not at all.
class unit {
public:
  virtual ~unit() = default;

  /// Runs on the writer's thread inside the batch's transaction. May throw
  /// `sql::failure`; then nothing of this unit is kept. Must be able to run
  /// again from the start: a batch that breaks is run anew, unit by unit. Never
  /// after a commit that stands, whatever became of its answer.
  virtual void apply(work& w) = 0;

  /// True for *accept*: somebody outside takes its result as a promise.
  virtual bool promises() const noexcept {
    return false;
  }

  /// The business it is done for, whose turn it takes; 0 for none in
  /// particular.
  virtual tenant_id share() const noexcept {
    return {};
  }

  /// Told on the writer's thread, after the commit (or why there was none).
  virtual void finished(const outcome<void>& result) noexcept = 0;

  /// Of the queue it waits in.
  unit* next = nullptr;
};

/// A unit made of two functions; the first one's result goes to the second.
template <class Apply, class Done>
class result_unit final : public unit {
public:
  using result_type = std::invoke_result_t<Apply&, work&>;

  result_unit(tenant_id of, Apply apply, Done done)
    : of_(of), apply_(std::move(apply)), done_(std::move(done)) {}

  tenant_id share() const noexcept override {
    return of_;
  }

  void apply(work& w) override {
    result_ = apply_(w);
  }

  void finished(const outcome<void>& result) noexcept override {
    if (result)
      done_(outcome<result_type>{std::move(*result_)});
    else
      done_(outcome<result_type>{result.error()});
  }

private:
  tenant_id of_;
  Apply apply_;
  Done done_;
  std::optional<result_type> result_;
};

struct writer_figures {
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> units{0};
  std::atomic<std::uint64_t> failed_units{0};
  std::atomic<std::uint64_t> failed_commits{0};
  std::atomic<std::uint64_t> checkpoints{0};
};

struct writer_options {
  /// Promises (*accept*) in one commit; more wait for the next.
  std::size_t most_promises = 256;
  /// Other units in one commit: this many, or twice the promises in it if that
  /// is more. So answers delay no webhook by more than a short commit, while
  /// each promise still has its *take in*, and every second one a *decide* and
  /// a *settle*.
  std::size_t most_others = 32;
  sql::log_limits log;
  /// Units of one business before the next has its turn.
  std::size_t turn = 8;
  /// Called on the writer's thread when a batch begins.
  std::function<void()> begin;
  /// Called after every commit with its duration and number of units.
  std::function<void(std::chrono::nanoseconds, std::size_t)> observe;
  /// FAULT SWITCH for the negative control of the kill test: acknowledges
  /// before the commit. Never set outside tests.
  bool acknowledge_before_commit = false;
  /// FAULT SWITCH for the negative control of commits in doubt: takes one for a
  /// commit that failed, and runs its units again. Never set outside tests.
  bool guess_when_in_doubt = false;
  /// False: no thread is started, and nothing happens before somebody calls
  /// `run_queued`. For tests that decide themselves what happens when.
  bool own_thread = true;
};

class writer {
public:
  /// Throws `sql::failure` if the connections cannot be opened.
  writer(database& db, clock_source& clock, random_source& random,
         writer_options options);
  ~writer();
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  /// Queues a unit. After `stop` it is told at once that the writer is gone.
  void submit(std::unique_ptr<unit> u);

  /// Work and completion as functions, for the cold paths. `done` may be empty.
  void submit(std::function<void(work&)> apply,
              std::function<void(const outcome<void>&)> done);

  /// The same with one allocation, for the hot paths: `apply(work&)` returns
  /// what `done(outcome<R>)` is given after the commit.
  template <class Apply, class Done>
  void submit_for(Apply apply, Done done) {
    submit_for(tenant_id{}, std::move(apply), std::move(done));
  }

  /// The same in the turn of a business.
  template <class Apply, class Done>
  void submit_for(tenant_id of, Apply apply, Done done) {
    submit(std::make_unique<result_unit<Apply, Done>>(of, std::move(apply),
                                                      std::move(done)));
  }

  /// One batch of what is queued, on the caller's thread; false if there was
  /// none. Only without a thread of its own.
  bool run_queued();

  /// Runs it and waits. Not from the writer's own thread, not from an actor.
  outcome<void> run(std::function<void(work&)> apply);

  /// `hook` is called on the writer's thread when all units of a batch have
  /// been told. Set before the first `submit`.
  void after_batch(std::function<void()> hook);

  /// Finishes what is queued, then ends the thread.
  void stop();

  /// Units waiting now.
  std::size_t depth() const noexcept {
    return depth_.load(std::memory_order_relaxed);
  }

  const writer_figures& figures() const noexcept {
    return figures_;
  }

  /// Why storage refused a unit last: `storage_full` or `storage_failed`;
  /// `none` again after the first commit that wrote something. `prove_room`
  /// makes one where nothing else does.
  errc trouble() const noexcept {
    return trouble_.load(std::memory_order_relaxed);
  }

  /// Has the engine clear its logs, so that no page of an erased row is left in
  /// them (`sql::log_keeper::empty`). Waits for nobody: `done` is told on the
  /// writer's thread, with `busy` if a reader held a log; ask again later.
  void empty_log(std::function<void(outcome<void>)> done);

private:
  using batch = std::vector<std::unique_ptr<unit>>;

  void loop();
  bool next_batch(batch& mine);
  bool take_queued(batch& mine);
  void run_batch(std::span<std::unique_ptr<unit>> units);
  void note_trouble(std::span<const outcome<void>> results,
                    std::int64_t changes_before);
  outcome<void> try_batch(std::span<std::unique_ptr<unit>> units,
                          std::vector<outcome<void>>& results);
  outcome<void> commit_data();
  bool pause_unless_stopping();

  clock_source* clock_;
  random_source* random_;
  writer_options options_;
  session session_;
  std::unique_ptr<sql::log_keeper> log_;
  /// The writer was to end before anybody could say whether a commit stands.
  bool stays_in_doubt_ = false;
  std::vector<std::function<void()>> hooks_;
  writer_figures figures_;

  std::mutex mutex_;
  std::condition_variable wake_;
  fair_queue<unit> promises_;
  fair_queue<unit> others_;
  bool stopping_ = false;
  std::atomic<std::size_t> depth_{0};
  std::atomic<errc> trouble_{errc::none};

  std::thread thread_;
};

} // namespace assistly::storage
