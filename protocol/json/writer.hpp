/// JSON out, in one of two spellings of the same text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assistly::json {

enum class json_form : std::uint8_t {
  /// Pure ASCII as Meta sends it and signs it: `\u00e4`, surrogate pairs for
  /// what lies beyond U+FFFF, and `\/` (CONTRACT 3.1, rule 2).
  escaped,
  utf8, ///< For our own pages and tests.
};

/// Appends `text` between quotes. Bytes that are no UTF-8 become U+FFFD.
void append_json_text(std::string& out, std::string_view text, json_form form);

/// Writes commas and brackets by itself; the caller only has to close what it
/// opened.
class json_writer {
public:
  explicit json_writer(json_form form) : form_(form) {}

  json_writer& open();      ///< {
  json_writer& close();     ///< }
  json_writer& open_list(); ///< [
  json_writer& close_list();
  json_writer& key(std::string_view name);
  json_writer& text(std::string_view value);
  json_writer& number(std::int64_t value);
  json_writer& flag(bool value);
  json_writer& null();
  /// `json` is one JSON value already.
  json_writer& raw(std::string_view json);

  json_writer& text(std::string_view name, std::string_view value) {
    return key(name).text(value);
  }

  /// Leaves the field out if the value is empty.
  json_writer& text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : key(name).text(value);
  }

  json_writer& number(std::string_view name, std::int64_t value) {
    return key(name).number(value);
  }

  json_writer& flag(std::string_view name, bool value) {
    return key(name).flag(value);
  }

  /// What was written so far.
  const std::string& view() const noexcept {
    return out_;
  }

  std::string take() && {
    return std::move(out_);
  }

private:
  void value_comes();

  std::string out_;
  json_form form_;
  bool comma_ = false;
};

} // namespace assistly::json
