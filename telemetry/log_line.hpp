/// One line of the log as text: what `log.cpp` hands to its sinks. Nobody else
/// needs it, but for the tests.
#pragma once

#include "model/clock.hpp"
#include "telemetry/log.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace assistly::telemetry {

/// `value` with every control character, line separator, direction mark and
/// broken UTF-8 byte written visibly (`\n`, `\x1b`, `\u202e`), at most
/// `max_field_bytes` long; what was cut ends in "...".
std::string escaped(std::string_view value);

/// `2026-11-24T03:46:26.123Z info    server_started port=8080`
std::string text_line(timestamp at, level severity, std::string_view event,
                      std::initializer_list<field> fields);

/// `{"time":"2026-…Z","level":"info","event":"server_started","port":8080}`
std::string json_line(timestamp at, level severity, std::string_view event,
                      std::initializer_list<field> fields);

} // namespace assistly::telemetry
