#include "storage/writer.hpp"

#include <algorithm>
#include <future>

namespace assistly::storage {

namespace {

class function_unit final : public unit {
public:
  function_unit(std::function<void(work&)> apply,
                std::function<void(const outcome<void>&)> done)
    : apply_(std::move(apply)), done_(std::move(done)) {}

  void apply(work& w) override {
    apply_(w);
  }

  void finished(const outcome<void>& result) noexcept override {
    if (done_)
      done_(result);
  }

private:
  std::function<void(work&)> apply_;
  std::function<void(const outcome<void>&)> done_;
};

fault gone() {
  return {errc::busy, "the server is stopping"};
}

/// The engine broke, as opposed to a unit that refused by its own rules.
bool is_engine(errc code) {
  return code == errc::storage_failed || code == errc::storage_full;
}

outcome<void> apply_one(unit& u, work& w) {
  try {
    u.apply(w);
    return {};
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  } catch (const std::exception&) {
    // A bug of this unit; its text may hold anything, so it is not passed on.
    return fault{errc::internal, "a unit of work threw"};
  }
}

/// How long a commit in doubt rests before the engine is asked again.
constexpr std::chrono::milliseconds asks_again{200};

} // namespace

writer::writer(database& db, clock_source& clock, random_source& random,
               writer_options options)
  : clock_(&clock), random_(&random), options_(std::move(options)),
    session_(db.open_session(false)),
    log_(db.engine().keep_log(*session_.db, session_.keys.db(),
                              options_.own_thread ? options_.log
                                                  : sql::log_limits{0})) {
  if (!options_.own_thread)
    return;
  thread_ = std::thread{[this] { loop(); }};
}

writer::~writer() {
  stop();
}

void writer::stop() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable())
    thread_.join();
  log_.reset();
}

void writer::submit(std::unique_ptr<unit> u) {
  bool first = false;
  {
    std::lock_guard lock{mutex_};
    if (!stopping_) {
      first = promises_.empty() && others_.empty();
      (u->promises() ? promises_ : others_).push(std::move(u));
      depth_.store(promises_.size() + others_.size(),
                   std::memory_order_relaxed);
    }
  }
  if (u)
    u->finished(gone());
  else if (first)
    wake_.notify_one();
}

void writer::submit(std::function<void(work&)> apply,
                    std::function<void(const outcome<void>&)> done) {
  submit(std::make_unique<function_unit>(std::move(apply), std::move(done)));
}

outcome<void> writer::run(std::function<void(work&)> apply) {
  std::promise<outcome<void>> promise;
  auto result = promise.get_future();
  submit(std::move(apply),
         [&promise](const outcome<void>& done) { promise.set_value(done); });
  while (!options_.own_thread && run_queued()) {
  }
  return result.get();
}

bool writer::run_queued() {
  batch mine;
  {
    std::lock_guard lock{mutex_};
    if (!take_queued(mine))
      return false;
  }
  run_batch(mine);
  return true;
}

void writer::after_batch(std::function<void()> hook) {
  hooks_.push_back(std::move(hook));
}

void writer::loop() {
  batch mine;
  while (next_batch(mine)) {
    run_batch(mine);
    mine.clear();
  }
}

bool writer::next_batch(batch& mine) {
  std::unique_lock lock{mutex_};
  wake_.wait(lock, [this] {
    return stopping_ || !promises_.empty() || !others_.empty();
  });
  return take_queued(mine);
}

/// Promises first: somebody outside waits for them, with a time limit. With the
/// lock held.
bool writer::take_queued(batch& mine) {
  auto take = [&](auto& from, std::size_t most) {
    for (; most > 0 && !from.empty(); --most)
      mine.push_back(from.pop(options_.turn));
  };
  take(promises_, options_.most_promises);
  take(others_, std::max(options_.most_others, mine.size() * 2));
  depth_.store(promises_.size() + others_.size(), std::memory_order_relaxed);
  return !mine.empty();
}

void writer::run_batch(std::span<std::unique_ptr<unit>> units) {
  std::vector<outcome<void>> results(units.size());
  if (options_.begin)
    options_.begin();
  if (options_.acknowledge_before_commit) {
    for (auto& u : units)
      if (u->promises())
        u->finished({});
    for (auto& hook : hooks_)
      hook();
  }
  auto changes_before = session_.db->all_changes();
  auto start = std::chrono::steady_clock::now();
  auto whole = try_batch(units, results);
  if (!whole && stays_in_doubt_) {
    std::fill(results.begin(), results.end(), whole);
  } else if (!whole && units.size() > 1) {
    // The engine broke in the middle of other people's work: each runs again on
    // its own, so that only what really cannot be written is refused.
    for (std::size_t i = 0; i < units.size(); ++i) {
      std::vector<outcome<void>> one(1);
      auto alone = try_batch(units.subspan(i, 1), one);
      results[i] = alone ? one.front() : alone;
    }
  } else if (!whole) {
    results.front() = whole;
  }
  auto took = std::chrono::steady_clock::now() - start;
  figures_.commits.fetch_add(1, std::memory_order_relaxed);
  figures_.units.fetch_add(units.size(), std::memory_order_relaxed);
  if (options_.observe)
    options_.observe(took, units.size());
  note_trouble(results, changes_before);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!results[i])
      figures_.failed_units.fetch_add(1, std::memory_order_relaxed);
    if (!options_.acknowledge_before_commit || !units[i]->promises())
      units[i]->finished(results[i]);
    units[i].reset();
  }
  for (auto& hook : hooks_)
    hook();
  if (log_->committed())
    figures_.checkpoints.fetch_add(1, std::memory_order_relaxed);
}

/// Before anybody is told, so that who asks after a 503 hears of it. A batch
/// that had nothing to write proves nothing.
void writer::note_trouble(std::span<const outcome<void>> results,
                          std::int64_t changes_before) {
  for (const auto& r : results)
    if (!r && is_engine(r.error().code))
      return trouble_.store(r.error().code, std::memory_order_relaxed);
  if (session_.db->all_changes() != changes_before)
    trouble_.store(errc::none, std::memory_order_relaxed);
}

outcome<void> writer::try_batch(std::span<std::unique_ptr<unit>> units,
                                std::vector<outcome<void>>& results) {
  auto& db = *session_.db;
  try {
    db.begin_write();
    work w{db, session_.keys, clock_->now(), *random_};
    for (std::size_t i = 0; i < units.size(); ++i) {
      db.begin_unit();
      auto keys_before = session_.keys.changes();
      auto why = apply_one(*units[i], w);
      // Keys have no savepoints: a unit that touched one and then refused takes
      // the batch with it, which is run again one by one.
      if (!why
          && (is_engine(why.error().code)
              || session_.keys.changes() != keys_before))
        throw sql::failure{why.error().code, why.error().text};
      if (!why)
        db.undo_unit();
      results[i] = std::move(why);
      db.end_unit();
    }
    // Keys first: data must never be durable while its key is not.
    session_.keys.commit();
    if (auto stands = commit_data(); !stands)
      throw sql::failure{stands.error().code, stands.error().text};
    session_.keys.data_committed();
    return {};
  } catch (const sql::failure& e) {
    figures_.failed_commits.fetch_add(1, std::memory_order_relaxed);
    session_.keys.roll_back();
    db.roll_back();
    return fault{e.code(), e.what()};
  }
}

/// A commit whose answer was lost stands or does not, and a unit must not run
/// again if it stands: nobody is told anything before the engine can say which.
/// Who waits for an answer outside has a time limit of their own.
outcome<void> writer::commit_data() {
  try {
    session_.db->commit();
    return {};
  } catch (const sql::commit_in_doubt& e) {
    fault unknown{e.code(), e.what()};
    trouble_.store(unknown.code, std::memory_order_relaxed);
    if (options_.guess_when_in_doubt)
      return unknown;
    do {
      try {
        if (session_.db->has_committed())
          return {};
        return unknown;
      } catch (const sql::failure&) {
        // Nobody can say yet.
      }
    } while (pause_unless_stopping());
    stays_in_doubt_ = true;
    return unknown;
  }
}

/// False if the writer is to end: a start works off what was committed.
bool writer::pause_unless_stopping() {
  std::unique_lock lock{mutex_};
  return !wake_.wait_for(lock, asks_again, [this] { return stopping_; });
}

void writer::empty_log(std::function<void(outcome<void>)> done) {
  // Queued like a unit, but it must run between transactions: what an empty
  // unit is told afterwards is the one place where none is open.
  submit([](work&) {},
         [this, done = std::move(done)](const outcome<void>& r) {
           if (!r)
             return done(r);
           done(log_->empty());
         });
}

} // namespace assistly::storage
