#include "protocol/webhook/json_reading.hpp"

#include "protocol/webhook/json_text.hpp"

#include <algorithm>

namespace assistly::webhook {

namespace {

bool is_integer(std::string_view token) noexcept {
  return !token.empty() && std::ranges::all_of(token, [](char c) {
    return c >= '0' && c <= '9';
  });
}

bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

} // namespace

reading rewind(ondemand::object& object) noexcept {
  return object.reset().error() ? reading::dead : reading::done;
}

std::optional<std::string_view> source_of(ondemand::object& object) noexcept {
  std::string_view json;
  if (object.reset().error() || object.raw_json().get(json))
    return std::nullopt;
  return without_blanks(json);
}

std::optional<std::string_view> source_of(ondemand::value& value) noexcept {
  std::string_view json;
  if (simdjson::to_json_string(value).get(json))
    return std::nullopt;
  return without_blanks(json);
}

bool read_text(std::string_view token, std::string& out) {
  out.clear();
  if (is_null(token))
    return true;
  return is_string(token)
         && append_unescaped(token.substr(1, token.size() - 2), out);
}

bool read_id(std::string_view token, std::string& out) {
  out.clear();
  if (is_null(token))
    return true;
  if (is_string(token)) {
    if (!append_unescaped(token.substr(1, token.size() - 2), out))
      return false;
  } else if (is_integer(token)) {
    out = token;
  } else {
    return false;
  }
  return !out.empty() && out.size() <= longest_id
         && std::ranges::none_of(out, is_control);
}

reading read_party(ondemand::value& value, std::string& id, std::string* name,
                   std::string_view name_key) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "id")
      return read_id(token_of(field), id) ? reading::done : reading::broken;
    // A name that is no string is no reason to lose what was said.
    if (name != nullptr && key == name_key
        && !read_text(token_of(field), *name))
      name->clear();
    return reading::done;
  });
}

bool nests_at_most(std::string_view json, std::size_t most) noexcept {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > most)
        return false;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return true;
}

} // namespace assistly::webhook
