#include "storage/sql/sqlite_log.hpp"

#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace assistly::sql {

namespace {

constexpr query touch_log{"SELECT count(*) FROM node"};

class sqlite_log final : public log_keeper {
public:
  sqlite_log(connection& data, connection& keys, const std::string& file,
             const log_limits& limits)
    : data_(&data), keys_(&keys), limits_(limits),
      own_(open_sqlite(file, {.small_writes = true})) {
    // A connection that has read nothing checkpoints nothing, and says so only
    // by log -1 (FEASIBILITY section 8, correction 1).
    auto found = ask_node(*own_, touch_log);
    found.next();
    if (limits.pages > 0)
      thread_ = std::thread{[this] { loop(); }};
  }

  sqlite_log(const sqlite_log&) = delete;
  sqlite_log& operator=(const sqlite_log&) = delete;

  ~sqlite_log() override {
    {
      std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable())
      thread_.join();
  }

  bool committed() override {
    written_.fetch_add(1, std::memory_order_relaxed);
    wake_.notify_one();
    if (!finish_.exchange(false))
      return false;
    // The rest of the log is short now; done between two commits, the next
    // write starts it from the beginning.
    checkpoint_sqlite(*data_, false);
    return true;
  }

  outcome<void> empty() override {
    // Two checkpoints at a time: the second is refused at once, however long it
    // would have been willing to wait.
    std::lock_guard alone{checkpointing_};
    // The keys first: their log is what could still open erased words, and it
    // is held for moments only, whoever reads the data for long.
    auto keys = checkpoint_sqlite(*keys_, true);
    auto state = checkpoint_sqlite(*data_, true);
    if (!state.whole || state.log != 0 || !keys.whole || keys.log != 0)
      return fault{errc::busy, "a reader holds the log; try again later"};
    return {};
  }

private:
  void loop() {
    using namespace std::chrono_literals;
    std::uint64_t seen = 0;
    constexpr std::int64_t short_log = 96;
    std::unique_lock lock{mutex_};
    while (true) {
      wake_.wait(lock, [&] { return stopping_ || written_.load() != seen; });
      if (stopping_)
        return;
      // While there is nothing to do, nobody wakes. While there is, a page that
      // is written again and again reaches the database once in a pass: a pass
      // every 50 ms made a seventh more to write.
      wake_.wait_for(lock, 200ms, [&] { return stopping_; });
      seen = written_.load();
      lock.unlock();
      {
        std::lock_guard alone{checkpointing_};
        auto state = checkpoint_sqlite(*own_, false);
        // Many small passes in place of the writer's one: what is left for it
        // to write holds up everybody's commits.
        if (state.log > limits_.pages) {
          for (int i = 0; i < 12 && state.log - state.done > short_log; ++i)
            state = checkpoint_sqlite(*own_, false);
          finish_.store(true);
        }
      }
      lock.lock();
    }
  }

  connection* data_;
  connection* keys_;
  log_limits limits_;
  std::unique_ptr<connection> own_;

  /// Held while a checkpoint runs that must not meet another.
  std::mutex checkpointing_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> written_{0};
  std::atomic<bool> finish_{false};
  std::thread thread_;
};

} // namespace

std::unique_ptr<log_keeper> keep_sqlite_log(connection& data, connection& keys,
                                            const std::string& file,
                                            const log_limits& limits) {
  return std::make_unique<sqlite_log>(data, keys, file, limits);
}

} // namespace assistly::sql
