/// How long the machine itself stops everything: one thread a core does nothing
/// but read the clock, first alone, then beside one that writes to the disk as
/// a busy server does. What counts is only when all cores stood still at once,
/// which no thread of this program can cause. A virtual machine that used up
/// its share of processor time shows here, and no server on it has a better
/// tail. The file is made in the folder of TMPDIR (else /tmp).
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <pthread.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

constexpr auto measured = 5s;
/// Shorter ones are the scheduler's ordinary turns.
constexpr auto shortest = 1ms;

struct gap {
  clock_type::time_point from;
  clock_type::time_point to;
};

using gaps = std::vector<gap>;

gaps watch(unsigned core, clock_type::time_point end) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(core, &only);
  pthread_setaffinity_np(pthread_self(), sizeof only, &only);
  gaps found;
  for (auto last = clock_type::now(); last < end;) {
    auto now = clock_type::now();
    if (now - last >= shortest)
      found.push_back({last, now});
    last = now;
  }
  return found;
}

gaps in_both(const gaps& a, const gaps& b) {
  gaps both;
  for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    gap g{std::max(a[i].from, b[k].from), std::min(a[i].to, b[k].to)};
    if (g.to - g.from >= shortest)
      both.push_back(g);
    a[i].to < b[k].to ? ++i : ++k;
  }
  return both;
}

void write_until(const std::string& file, const std::atomic<bool>& stop) {
  const std::string block(64 * 1024, 'x');
  int to = ::open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  for (off_t at = 0; to >= 0 && !stop.load(); at = (at + 65'536) % 67'108'864)
    if (::pwrite(to, block.data(), block.size(), at) < 0 || ::fdatasync(to) < 0)
      break;
  if (to >= 0)
    ::close(to);
}

void measure(const char* label) {
  auto cores = std::max(1u, std::thread::hardware_concurrency());
  auto end = clock_type::now() + measured;
  std::vector<gaps> found(cores);
  std::vector<std::thread> threads;
  for (unsigned core = 0; core < cores; ++core)
    threads.emplace_back([&, core] { found[core] = watch(core, end); });
  for (auto& t : threads)
    t.join();
  auto all = found.front();
  for (const auto& other : found)
    all = in_both(all, other);
  auto longest = clock_type::duration::zero();
  auto total = clock_type::duration::zero();
  for (const auto& g : all) {
    longest = std::max(longest, g.to - g.from);
    total += g.to - g.from;
  }
  using ms = std::chrono::duration<double, std::milli>;
  std::printf("%-22s %zu stops of all %u cores in 5 s, longest %.1f ms, "
              "%.1f %% of the time\n",
              label, all.size(), cores, ms{longest}.count(),
              100.0 * ms{total} / ms{measured});
}

} // namespace

int main() {
  measure("alone:");
  auto file = (std::filesystem::temp_directory_path()
               / ("assistly-stalls." + std::to_string(::getpid())))
                .string();
  std::atomic<bool> stop{false};
  std::thread disk{[&] { write_until(file, stop); }};
  measure("beside a disk writer:");
  stop.store(true);
  disk.join();
  std::error_code ignored; // Nothing is left but an empty name.
  std::filesystem::remove(file, ignored);
}
