/// What a client sent, as a flat list of paths and values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::json {

enum class json_kind : std::uint8_t { text, number, boolean, null };

/// The scalars of a request, each under its path: `{"recipient":{"id":"7"}}` is
/// `recipient.id` = "7", the third element of an array `a` is `a.2`.
///
/// Graph calls have a dozen fields at most, and come as JSON, as a form, or in
/// the query, where a form's value may itself be JSON; this one shape serves
/// all three, and costs no tree. Numbers keep the digits they came with
/// (CONTRACT 1.2). Where a name comes twice, the first one counts.
class json_fields {
public:
  struct field {
    std::string path;
    std::string value; ///< Text unescaped; numbers and words as written.
    json_kind kind = json_kind::text;
  };

  static constexpr std::size_t most_from_strangers = 2000;

  /// Adds what a JSON object holds, each path behind `prefix`. False if it is
  /// not one well-formed object (RFC 8259) in UTF-8, nests deeper than 32, or
  /// has over `most` scalars; fields read until then stay. A lone surrogate
  /// becomes U+FFFD. What a stranger sent may not have more than the default.
  bool add_json(std::string_view json, std::string_view prefix = {},
                std::size_t most = most_from_strangers);

  /// Adds `a=1&b=2`, percent-decoded. A value that is a JSON object is added by
  /// its fields, as Graph's clients in many languages send them. False for bad
  /// encoding.
  bool add_form(std::string_view form);

  void add(std::string_view path, std::string_view value);

  /// Null if there is none. Lives until the next change.
  const field* find(std::string_view path) const noexcept;

  /// Text or number; empty if absent or of another kind.
  std::string_view text(std::string_view path) const noexcept;

  /// Whether anything lies at or under that path.
  bool has(std::string_view path) const noexcept;

  /// A whole number, from a number or from text that is one.
  std::optional<std::int64_t> number(std::string_view path) const noexcept;

  /// true, false, "true", "1" and the like.
  std::optional<bool> flag(std::string_view path) const noexcept;

  /// The objects of an array, each with paths of its own. One pass, where
  /// asking for `array.0.x`, `array.1.x`, … would be one for each question.
  std::vector<json_fields> objects_of(std::string_view array) const;

  const std::vector<field>& all() const noexcept {
    return fields_;
  }

private:
  std::vector<field> fields_;
};

} // namespace assistly::json
