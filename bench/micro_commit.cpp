/// What one durable commit of accepted webhooks costs, by how many share it.
/// The database is made in the folder of TMPDIR (else /tmp): put it on the disk
/// that is to be measured.
#include "crypto/random.hpp"
#include "storage/directory.hpp"
#include "storage/journal.hpp"
#include "storage/sql/connection.hpp"
#include "storage/tenants.hpp"

#include <benchmark/benchmark.h>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <stdexcept>

namespace assistly {
namespace {

const std::string page_id = "100200300400501";

class folder {
public:
  folder() {
    auto name =
      (std::filesystem::temp_directory_path() / "assistly-bench-XXXXXX")
        .string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error{"no folder for the database"};
    path_ = name;
  }

  ~folder() {
    std::error_code ignored; // The system clears its temporary folder, too.
    std::filesystem::remove_all(path_, ignored);
  }

  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  const std::filesystem::path& path() const noexcept {
    return path_;
  }

private:
  std::filesystem::path path_;
};

/// Waits until so many units were told that they are durable.
class countdown {
public:
  explicit countdown(std::size_t count) : left_(count) {}

  void one_less() {
    const std::lock_guard lock{mutex_};
    if (--left_ == 0)
      zero_.notify_one();
  }

  void wait() {
    std::unique_lock lock{mutex_};
    zero_.wait(lock, [this] { return left_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable zero_;
  std::size_t left_;
};

/// A node's database with one business, and webhooks that are all new to it.
class journal_bench {
public:
  journal_bench() {
    auto opened = storage::database::open(
      {folder_.path() / "assistly.db", folder_.path() / "keys"}, random_);
    if (!opened)
      throw std::runtime_error{opened.error().text};
    database_ = *std::move(opened);
    writer_ = std::make_unique<storage::writer>(*database_, clock_, random_,
                                                storage::writer_options{});
    tenant_plan plan;
    plan.settings.slug = "bench";
    plan.settings.name = "Bench";
    plan.settings.languages = {"en"};
    channel_settings page;
    page.access.account_id = page_id;
    page.access.token = secret_text{"token"};
    plan.channels.push_back(std::move(page));
    const auto done = writer_->run([&](storage::work& w) {
      storage::apply_tenant(w, database_->root(), plan);
      directory_ = storage::read_directory(w);
    });
    if (!done)
      throw std::runtime_error{done.error().text};
    channel_ = directory_->find(channel_kind::messenger, page_id);
    if (channel_ == nullptr)
      throw std::runtime_error{"the account was not connected"};
  }

  std::vector<storage::journal_entry> new_entry() {
    const auto now = clock_.now();
    inbound_event event;
    event.kind = event_kind::customer_text;
    event.channel = channel_kind::messenger;
    event.account_id = page_id;
    event.external_id = "m_" + std::to_string(++made_);
    event.dedupe_key = "messenger|" + page_id + "|" + event.external_id;
    event.at = now;
    event.has_time = true;
    event.person = {{alias_space::psid, std::to_string(made_ % 1000)}};
    event.text = "Hi, is the city bike still in stock?";
    auto entry = storage::make_entry(*directory_->tenant(channel_->tenant),
                                     *channel_, std::move(event), now, random_);
    if (!entry)
      throw std::runtime_error{"no journal key for today"};
    std::vector<storage::journal_entry> entries;
    entries.push_back(*std::move(entry));
    return entries;
  }

  storage::writer& writer() noexcept {
    return *writer_;
  }

private:
  folder folder_;
  crypto::system_random random_;
  system_clock_source clock_;
  std::unique_ptr<storage::database> database_;
  std::unique_ptr<storage::writer> writer_;
  std::shared_ptr<const storage::directory> directory_;
  const storage::directory_channel* channel_ = nullptr;
  std::uint64_t made_ = 0;
};

/// As many webhooks as the argument says arrive while the last commit runs;
/// sealing them is part of it.
void commit_batch(benchmark::State& state) {
  try {
    journal_bench bench;
    const auto size = static_cast<std::size_t>(state.range(0));
    const auto& figures = bench.writer().figures();
    const auto commits_before = figures.commits.load();
    for (auto _ : state) {
      countdown left{size};
      for (std::size_t i = 0; i < size; ++i)
        bench.writer().submit_for(
          [entries = bench.new_entry()](storage::work& w) mutable {
            storage::accept(w, entries);
            return entries.front().duplicate;
          },
          [&](outcome<bool> duplicate) {
            if (!duplicate || *duplicate)
              state.SkipWithError("a webhook was not kept");
            left.one_less();
          });
      left.wait();
    }
    state.SetItemsProcessed(state.range(0) * state.iterations());
    state.counters["commits"] = benchmark::Counter(
      static_cast<double>(figures.commits.load() - commits_before),
      benchmark::Counter::kAvgIterations);
  } catch (const std::exception& why) {
    state.SkipWithError(why.what());
  }
}

BENCHMARK(commit_batch)
  ->Arg(1)
  ->Arg(16)
  ->Arg(64)
  ->Arg(256)
  ->UseRealTime()
  ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace assistly
