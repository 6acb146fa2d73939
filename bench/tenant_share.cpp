/// What one business waits for while another has a hundred times its load: the
/// time from handing a unit of work to the writer until it is durable.
///
///   alone          nobody else
///   in turn        beside a busy business, each in its own line
///   in one line    the same, as if there was one line (the control)
///
/// The database is made in the folder of TMPDIR (else /tmp): put it on the disk
/// that is to be measured.
#include "crypto/random.hpp"
#include "storage/node_values.hpp"
#include "storage/writer.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace assistly {
namespace {

using steady = std::chrono::steady_clock;

constexpr tenant_id busy{1};
constexpr tenant_id quiet{2};
constexpr std::size_t busy_waiting = 2'000;
constexpr std::size_t most_probes = 400;
constexpr auto longest = std::chrono::seconds{10};
constexpr auto between_probes = std::chrono::milliseconds{10};

class scratch_database {
public:
  scratch_database() {
    auto name =
      (std::filesystem::temp_directory_path() / "assistly-bench-XXXXXX")
        .string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error{"no folder for the database"};
    folder_ = name;
    auto opened = storage::database::open(
      {folder_ / "assistly.db", folder_ / "keys"}, random_);
    if (!opened)
      throw std::runtime_error{opened.error().text};
    database_ = *std::move(opened);
    writer_ = std::make_unique<storage::writer>(*database_, clock_, random_,
                                                storage::writer_options{});
  }

  ~scratch_database() {
    writer_.reset();
    database_.reset();
    std::error_code ignored; // The system clears its temporary folder, too.
    std::filesystem::remove_all(folder_, ignored);
  }

  scratch_database(const scratch_database&) = delete;
  scratch_database& operator=(const scratch_database&) = delete;

  storage::writer& writer() noexcept {
    return *writer_;
  }

private:
  std::filesystem::path folder_;
  crypto::system_random random_;
  system_clock_source clock_;
  std::unique_ptr<storage::database> database_;
  std::unique_ptr<storage::writer> writer_;
};

template <class Done>
void submit(storage::writer& w, tenant_id line, std::int64_t number,
            Done done) {
  w.submit_for(
    line,
    [number](storage::work& work) {
      storage::set_node_value(work.db, std::to_string(number), "written");
      return true;
    },
    [done = std::move(done)](const outcome<bool>&) { done(); });
}

/// Keeps so much waiting that there is always more.
class busy_business {
public:
  busy_business(storage::writer& w, tenant_id line, bool works)
    : writer_(&w), line_(line) {
    for (std::size_t i = 0; works && i < busy_waiting; ++i)
      add();
  }

  void stop() {
    stopping_.store(true);
  }

  std::int64_t done() const {
    return number_.load();
  }

private:
  void add() {
    submit(*writer_, line_, ++number_, [this] {
      if (!stopping_.load())
        add();
    });
  }

  storage::writer* writer_;
  tenant_id line_;
  std::atomic<std::int64_t> number_{0};
  std::atomic<bool> stopping_{false};
};

void measure(const char* name, bool works, bool in_turn) {
  scratch_database db;
  busy_business other{db.writer(), in_turn ? busy : tenant_id{}, works};
  std::vector<double> took;
  auto began = steady::now();
  for (std::int64_t i = 0;
       took.size() < most_probes && steady::now() < began + longest; ++i) {
    std::promise<void> told;
    auto start = steady::now();
    submit(db.writer(), in_turn ? quiet : tenant_id{}, -1 - i,
           [&told] { told.set_value(); });
    told.get_future().get();
    std::chrono::duration<double, std::milli> ms = steady::now() - start;
    took.push_back(ms.count());
    std::this_thread::sleep_until(start + between_probes);
  }
  std::chrono::duration<double> all = steady::now() - began;
  other.stop();
  db.writer().stop();
  std::sort(took.begin(), took.end());
  std::printf("%-14s p50 %8.2f ms   p99 %8.2f ms   the other's %8.0f/s\n", name,
              took[took.size() / 2], took[took.size() * 99 / 100],
              static_cast<double>(other.done()) / all.count());
}

} // namespace
} // namespace assistly

int main() {
  using assistly::measure;
  measure("alone", false, true);
  measure("in turn", true, true);
  measure("in one line", true, false);
}
