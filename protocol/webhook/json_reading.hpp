/// How the readers of this folder walk JSON with simdjson on demand: every
/// field of an object once, in whatever order they come, scalars as tokens,
/// nothing through simdjson's own string buffer (which a second look could
/// overrun). Private to protocol/webhook.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assistly::webhook {

namespace ondemand = simdjson::ondemand;

/// How reading a part ended.
enum class reading : std::uint8_t {
  done,
  enough, ///< From a field's reader: skip the rest of the object.
  broken, ///< Well-formed, but not what it must be: this part alone is lost.
  dead,   ///< Not JSON. The iterator must not be touched again.
};

/// Longest id that is believed, in bytes. Meta's longest are some 200.
inline constexpr std::size_t longest_id = 1024;

inline std::string_view without_blanks(std::string_view json) noexcept {
  const auto last = json.find_last_not_of(" \t\n\r");
  return last == std::string_view::npos ? std::string_view{}
                                        : json.substr(0, last + 1);
}

/// The source text of a scalar; for an object or array its opening bracket.
inline std::string_view token_of(ondemand::value& value) noexcept {
  return without_blanks(value.raw_json_token());
}

inline bool is_string(std::string_view token) noexcept {
  return token.size() >= 2 && token.front() == '"' && token.back() == '"';
}

inline bool is_null(std::string_view token) noexcept {
  return token == "null";
}

/// The key as it stands in the source. A key with escapes in it is none of
/// Meta's, and so is cut at the first quote.
inline std::string_view text_of(ondemand::raw_json_string key) noexcept {
  const char* end = key.raw();
  // simdjson has checked that the quote comes.
  while (*end != '"')
    ++end;
  return {key.raw(), static_cast<std::size_t>(end - key.raw())};
}

/// Calls `read(key, value)` for each field; the reader need not consume the
/// value. Stops at the first field that is not `done`.
template <class Reader>
reading each_field(ondemand::object& object, Reader&& read) {
  for (auto next : object) {
    ondemand::field field;
    if (std::move(next).get(field))
      return reading::dead;
    const auto how = read(text_of(field.key()), field.value());
    if (how == reading::enough)
      return reading::done;
    if (how != reading::done)
      return how;
  }
  return reading::done;
}

/// Calls `read(value)` for each element. A broken one has been dealt with by
/// the reader; only `dead` ends the walk.
template <class Reader>
reading each_element(ondemand::array& array, Reader&& read) {
  for (auto next : array) {
    ondemand::value value;
    if (std::move(next).get(value) || read(value) == reading::dead)
      return reading::dead;
  }
  return reading::done;
}

/// Opens a value that must be an object: `broken` if it is something else.
inline reading open(ondemand::value& value, ondemand::object& out) noexcept {
  const auto error = value.get_object().get(out);
  if (error == simdjson::SUCCESS)
    return reading::done;
  return error == simdjson::INCORRECT_TYPE ? reading::broken : reading::dead;
}

inline reading open(ondemand::value& value, ondemand::array& out) noexcept {
  const auto error = value.get_array().get(out);
  if (error == simdjson::SUCCESS)
    return reading::done;
  return error == simdjson::INCORRECT_TYPE ? reading::broken : reading::dead;
}

/// Opens an object and walks it; null and absent are the same to Meta, so null
/// is `done` without a field.
template <class Reader>
reading each_field(ondemand::value& value, Reader&& read) {
  if (is_null(token_of(value)))
    return reading::done;
  ondemand::object object;
  const auto how = open(value, object);
  return how == reading::done ? each_field(object, read) : how;
}

/// Starts over at the first field, wherever the iterator stands within it.
reading rewind(ondemand::object& object) noexcept;

/// The source text of the whole object; afterwards the iterator stands behind
/// it. Nothing if it is not JSON to its end.
std::optional<std::string_view> source_of(ondemand::object& object) noexcept;

/// The same of a value nothing has been read of.
std::optional<std::string_view> source_of(ondemand::value& value) noexcept;

/// A string for people, or null (empty). False for anything else.
bool read_text(std::string_view token, std::string& out);

/// An id: a string or an integer, kept digit by digit. False for anything else,
/// for an empty one, and for one that is too long or holds control characters.
/// null leaves `out` empty and is true.
bool read_id(std::string_view token, std::string& out);

/// `{"id": …}` and a name beside it; null is nobody.
reading read_party(ondemand::value& value, std::string& id,
                   std::string* name = nullptr, std::string_view name_key = {});

/// Whether brackets nest no deeper than `most` in well-formed JSON.
bool nests_at_most(std::string_view json, std::size_t most) noexcept;

} // namespace assistly::webhook
