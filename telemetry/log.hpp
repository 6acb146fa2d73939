/// The log: events with typed fields on standard error.
///
/// An event's name and the names of its fields are literals, checked when the
/// program is compiled, so that free text can only stand in a field's value;
/// and a value is cut, escaped or redacted before it is written. Content and
/// secrets are to be kept out by whoever calls; what is done here is the second
/// wall (RELIABILITY P17, G19).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

namespace assistly::telemetry {

enum class level : std::uint8_t { debug, info, warning, error };

/// `automatic` is `text` where standard error is a terminal, else `json`.
enum class log_format : std::uint8_t { automatic, text, json };

std::string_view to_string(level value) noexcept;
/// "debug", "info", "warning" or "error".
std::optional<level> parse_level(std::string_view name) noexcept;
/// "auto", "text" or "json".
std::optional<log_format> parse_log_format(std::string_view name) noexcept;

struct log_options {
  /// What is less than this is not written.
  level lowest = level::info;
  log_format format = log_format::automatic;
};

/// No field's value takes more than this in a line, its escapes included.
inline constexpr std::size_t max_field_bytes = 200;

/// The name of an event or a field: a literal of a-z, 0-9 and _, 1 to 40 long.
/// Anything else does not compile.
class log_name {
public:
  consteval log_name(const char* literal) : text_(literal) {
    if (text_.empty() || text_.size() > 40)
      throw "a log name has 1 to 40 characters";
    for (const char c : text_)
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
        throw "a log name is made of a-z, 0-9 and _";
  }

  constexpr std::string_view text() const noexcept {
    return text_;
  }

private:
  std::string_view text_;
};

/// A field's value: one of four types and nothing that could be turned into one
/// by accident. Text is only looked at during the call.
class field_value {
public:
  template <std::same_as<bool> T>
  field_value(T value) noexcept : held_(value) {}

  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    field_value(T value)
  noexcept : held_(static_cast<std::int64_t>(value)) {}

  template <std::floating_point T>
  field_value(T value) noexcept : held_(static_cast<double>(value)) {}

  template <class T>
  requires std::convertible_to<const T&, std::string_view>
  field_value(const T& value)
  noexcept : held_(static_cast<std::string_view>(value)) {}

  const std::variant<std::int64_t, double, bool, std::string_view>&
  held() const noexcept {
    return held_;
  }

private:
  std::variant<std::int64_t, double, bool, std::string_view> held_;
};

struct field {
  log_name name;
  field_value value;
};

/// True when a field of this name is written as "[redacted]": one of its words
/// (split at _) names a secret, a customer's words or a customer's id. A number
/// whose last word is a unit (`body_bytes`, `text_count`) is kept.
bool is_redacted(std::string_view field_name, bool is_number) noexcept;

/// Starts writing to standard error through a thread of its own, so that a slow
/// terminal or pipe holds back nobody: when 8,192 lines wait, the oldest is
/// dropped and counted. Before the first call warnings and errors are written
/// at once. May be called again; the new options hold from then on.
void start_log(log_options options);

/// Writes what waits, then goes back to the state before `start_log`. Call it
/// before `main` returns.
void stop_log() noexcept;

/// Lines that were lost since the start: the queue was full or the write
/// failed.
std::uint64_t dropped_log_lines() noexcept;

/// True when an event of this level would be written; for fields that cost.
bool would_log(level at) noexcept;

/// Writes one line: `log(level::info, "server_started", {{"port", 8080}})`.
/// Safe from every thread; never throws and never waits for the disk.
void log(level at, log_name event,
         std::initializer_list<field> fields = {}) noexcept;

} // namespace assistly::telemetry
