/// Catches the log's lines for a test.
#pragma once

#include "telemetry/log.hpp"

#include <memory>
#include <string>
#include <vector>

namespace assistly::telemetry {

/// While one lives, every line goes to it, at once, and nowhere else. One at a
/// time.
class log_capture {
public:
  explicit log_capture(log_options options = {level::debug, log_format::text});
  ~log_capture();
  log_capture(const log_capture&) = delete;
  log_capture& operator=(const log_capture&) = delete;

  /// The lines so far, in order, without line ends.
  std::vector<std::string> lines() const;

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace assistly::telemetry
