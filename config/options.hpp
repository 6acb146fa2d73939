/// The one table of all options: it feeds the parser, the names in the
/// environment, `--help` and `config/assistly.toml`.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assistly::config {

enum class option_type : std::uint8_t {
  text,         ///< One line; `least` and `most` are its length in bytes.
  choice,       ///< One of `choices`.
  listen,       ///< A numeric address and a port.
  url,          ///< http or https; a slash at the end is dropped. May be empty.
  email,        ///< May be empty.
  version,      ///< `v25.0`.
  path,         ///< A file; relative ones start at the configuration's folder.
  whole_number, ///< From `least` to `most`.
  duration,     ///< Whole, in the unit of the setting it goes to.
  seconds,      ///< May have decimals; kept in milliseconds.
  networks,     ///< A list of addresses and networks.
  hosts,        ///< A list of `host:port`.
  secret,       ///< A text that is never shown; has a `_file` form.
  secrets,      ///< A list of them; in the `_file` form one a line.
};

/// Where the value of an option goes.
using option_slot =
  std::variant<std::string*, secret_text*, std::vector<std::string>*,
               std::vector<secret_text>*, std::filesystem::path*, std::size_t*,
               milliseconds*, minutes*, days*, listen_address*,
               answer_provider*>;

struct option {
  /// "section.name".
  std::string_view key;
  option_type type;
  /// As TOML writes it.
  std::string_view fallback;
  double least = 0;
  double most = 0;
  /// For `choice`: the values, in the order of the enum if there is one.
  std::span<const std::string_view> choices{};
  /// What it is for; one or more sentences.
  std::string_view help;
  option_slot (*slot)(settings&);
};

std::span<const option> all_options() noexcept;

/// `secret` and `secrets`.
bool is_secret(const option& what) noexcept;

/// "meta.app_secret" → "ASSISTLY_META_APP_SECRET".
std::string variable_of(std::string_view key);

/// What the value of an option must be, as the end of "http.listen must be …".
std::string rule_of(const option& what);

/// The option of this key, or null.
const option* find_option(std::string_view key) noexcept;

} // namespace assistly::config
