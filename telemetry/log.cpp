#include "telemetry/log.hpp"

#include "telemetry/log_capture.hpp"
#include "telemetry/log_line.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <string>
#include <unistd.h>

namespace assistly::telemetry {

namespace {

constexpr std::size_t queued_lines = 8192;

/// Where lines go now. Held by whoever writes, so that it can be exchanged at
/// any moment.
struct output {
  // Declared first: it must outlive the logger that feeds it.
  std::shared_ptr<spdlog::details::thread_pool> writer;
  std::shared_ptr<spdlog::logger> logger;
  bool json = false;
};

std::atomic<std::uint64_t> failed_writes{0};
std::atomic<std::uint64_t> overrun_before{0};

spdlog::level::level_enum to_spdlog(level at) noexcept {
  switch (at) {
  case level::debug:
    return spdlog::level::debug;
  case level::info:
    return spdlog::level::info;
  case level::warning:
    return spdlog::level::warn;
  case level::error:
    break;
  }
  return spdlog::level::err;
}

bool wants_json(log_format format) noexcept {
  if (format == log_format::automatic)
    return ::isatty(STDERR_FILENO) == 0;
  return format == log_format::json;
}

void prepare(spdlog::logger& logger, level lowest) {
  // The line is made whole before it comes here (log_line.hpp).
  logger.set_pattern("%v");
  logger.set_level(to_spdlog(lowest));
  logger.flush_on(spdlog::level::warn);
  logger.set_error_handler([](const std::string&) { ++failed_writes; });
}

std::shared_ptr<output> unstarted() {
  auto out = std::make_shared<output>();
  out->logger = std::make_shared<spdlog::logger>(
    "assistly", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  prepare(*out->logger, level::warning);
  out->json = wants_json(log_format::automatic);
  return out;
}

/// The exchangeable output, behind a lock that is held for a pointer's copy.
class current_output {
public:
  std::shared_ptr<output> get() {
    const std::lock_guard hold(lock_);
    if (!now_) {
      now_ = unstarted();
      lowest_ = level::warning;
    }
    return now_;
  }

  void set(std::shared_ptr<output> next, level lowest) {
    {
      const std::lock_guard hold(lock_);
      now_.swap(next);
      lowest_ = lowest;
    }
    // The old one is drained here, outside the lock: its thread is joined.
    if (next && next->writer)
      overrun_before += next->writer->overrun_counter();
  }

  std::uint64_t overrun() {
    const auto out = get();
    return overrun_before + (out->writer ? out->writer->overrun_counter() : 0);
  }

  level lowest() const noexcept {
    return lowest_;
  }

private:
  std::mutex lock_;
  std::shared_ptr<output> now_;
  std::atomic<level> lowest_{level::warning};
};

current_output& outputs() {
  static current_output held;
  return held;
}

} // namespace

std::string_view to_string(level value) noexcept {
  switch (value) {
  case level::debug:
    return "debug";
  case level::info:
    return "info";
  case level::warning:
    return "warning";
  case level::error:
    break;
  }
  return "error";
}

std::optional<level> parse_level(std::string_view name) noexcept {
  for (const level each :
       {level::debug, level::info, level::warning, level::error})
    if (to_string(each) == name)
      return each;
  return std::nullopt;
}

std::optional<log_format> parse_log_format(std::string_view name) noexcept {
  if (name == "auto")
    return log_format::automatic;
  if (name == "text")
    return log_format::text;
  if (name == "json")
    return log_format::json;
  return std::nullopt;
}

void start_log(log_options options) {
  auto next = std::make_shared<output>();
  next->writer =
    std::make_shared<spdlog::details::thread_pool>(queued_lines, 1);
  next->logger = std::make_shared<spdlog::async_logger>(
    "assistly", std::make_shared<spdlog::sinks::stderr_sink_mt>(), next->writer,
    spdlog::async_overflow_policy::overrun_oldest);
  prepare(*next->logger, options.lowest);
  next->json = wants_json(options.format);
  outputs().set(std::move(next), options.lowest);
}

void stop_log() noexcept {
  try {
    outputs().set(unstarted(), level::warning);
  } catch (const std::exception&) {
    ++failed_writes;
  }
}

std::uint64_t dropped_log_lines() noexcept {
  try {
    return failed_writes + outputs().overrun();
  } catch (const std::exception&) {
    return failed_writes;
  }
}

bool would_log(level at) noexcept {
  return at >= outputs().lowest();
}

void log(level at, log_name event,
         std::initializer_list<field> fields) noexcept {
  if (!would_log(at))
    return;
  try {
    const auto out = outputs().get();
    const timestamp now = system_clock_source{}.now();
    out->logger->log(to_spdlog(at),
                     out->json ? json_line(now, at, event.text(), fields)
                               : text_line(now, at, event.text(), fields));
  } catch (const std::exception&) {
    // Out of memory: the line is lost, and counted; logging never stops work.
    ++failed_writes;
  }
}

struct log_capture::state {
  mutable std::mutex lock;
  std::vector<std::string> lines;
};

namespace {

class capturing_sink final
  : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
  explicit capturing_sink(std::function<void(std::string)> take)
    : take_(std::move(take)) {}

private:
  void sink_it_(const spdlog::details::log_msg& line) override {
    take_(std::string(line.payload.data(), line.payload.size()));
  }

  void flush_() override {}

  std::function<void(std::string)> take_;
};

} // namespace

log_capture::log_capture(log_options options)
  : state_(std::make_shared<state>()) {
  auto next = std::make_shared<output>();
  next->logger = std::make_shared<spdlog::logger>(
    "capture", std::make_shared<capturing_sink>([kept = state_](auto line) {
      const std::lock_guard hold(kept->lock);
      kept->lines.push_back(std::move(line));
    }));
  prepare(*next->logger, options.lowest);
  next->json = options.format == log_format::json;
  outputs().set(std::move(next), options.lowest);
}

log_capture::~log_capture() {
  stop_log();
}

std::vector<std::string> log_capture::lines() const {
  const std::lock_guard hold(state_->lock);
  return state_->lines;
}

} // namespace assistly::telemetry
