/// What `assistly load` sees beside the acknowledgements, and how it is told.
#pragma once

#include "commands/load.hpp"
#include "commands/load_client.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace assistly::commands {

/// Memory and processor time of a process (proc(5): statm, stat).
struct process_figures {
  std::int64_t resident_bytes = 0;
  double cpu_seconds = 0;
};

/// Nothing if there is no such process.
std::optional<process_figures> look_at_process(long pid);

/// The sum of all series of one metric in a page of Prometheus' text format;
/// nothing if the page has none.
std::optional<double> metric_in(std::string_view page, std::string_view name);

/// `accepted` of `GET /sandbox/stats`: sends that the stand-in took.
std::optional<std::int64_t> answers_in(std::string_view stats);

/// What the sides say at one moment; nothing where none was named.
struct load_sight {
  std::optional<double> journal;
  std::optional<std::int64_t> answers;
  std::optional<process_figures> process;
};

/// Asks the sides named in the options: once now, then every second on a thread
/// of its own for the highest values.
class load_watch {
public:
  /// errc::network_failed or errc::not_found if a side does not answer.
  static outcome<load_sight> look(const load_options& options);

  explicit load_watch(const load_options& options);
  ~load_watch();
  load_watch(const load_watch&) = delete;
  load_watch& operator=(const load_watch&) = delete;

  /// Ends the thread; then the figures may be read.
  void stop();

  double highest_journal() const noexcept {
    return highest_journal_;
  }

  std::int64_t highest_resident() const noexcept {
    return highest_resident_;
  }

private:
  void loop();

  const load_options* options_;
  double highest_journal_ = 0;
  std::int64_t highest_resident_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

struct load_result {
  load_counts counts;
  load_sight before;
  /// When the last webhook was answered.
  load_sight after_load;
  /// After the wait of `load_options::settle`.
  load_sight after_settle;
  /// From the end of the load until everything was worked off, or the wait was
  /// over.
  double settled_seconds = 0;
  bool settled = false;
  double highest_journal = 0;
  std::int64_t highest_resident = 0;
  double generator_cpu_seconds = 0;
};

std::string report_text(const load_options& options, const load_result& result);
std::string report_json(const load_options& options, const load_result& result);

} // namespace assistly::commands
