#include "protocol/json/writer.hpp"

#include "protocol/json/utf8.hpp"

namespace assistly::json {

namespace {

void append_unit(std::string& out, unsigned unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += digits[unit >> shift & 15];
}

void append_escaped(std::string& out, char32_t c) {
  if (c < 0x10000) {
    append_unit(out, static_cast<unsigned>(c));
    return;
  }
  const auto rest = static_cast<unsigned>(c - 0x10000);
  append_unit(out, 0xd800 + (rest >> 10));
  append_unit(out, 0xdc00 + (rest & 0x3ff));
}

void append_ascii(std::string& out, char c, json_form form) {
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  case '/':
    out += form == json_form::escaped ? "\\/" : "/";
    return;
  default:
    break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7f)
    append_unit(out, byte);
  else
    out += c;
}

} // namespace

void append_json_text(std::string& out, std::string_view text, json_form form) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_ascii(out, text[at++], form);
      continue;
    }
    const auto from = at;
    const auto c = next_code_point(text, at);
    if (!c)
      at = from + 1;
    if (form == json_form::escaped)
      append_escaped(out, c.value_or(replacement));
    else
      append_utf8(out, c.value_or(replacement));
  }
  out += '"';
}

void json_writer::value_comes() {
  if (comma_)
    out_ += ',';
  comma_ = true;
}

json_writer& json_writer::open() {
  value_comes();
  out_ += '{';
  comma_ = false;
  return *this;
}

json_writer& json_writer::close() {
  out_ += '}';
  comma_ = true;
  return *this;
}

json_writer& json_writer::open_list() {
  value_comes();
  out_ += '[';
  comma_ = false;
  return *this;
}

json_writer& json_writer::close_list() {
  out_ += ']';
  comma_ = true;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  value_comes();
  append_json_text(out_, name, form_);
  out_ += ':';
  comma_ = false;
  return *this;
}

json_writer& json_writer::text(std::string_view value) {
  value_comes();
  append_json_text(out_, value, form_);
  return *this;
}

json_writer& json_writer::number(std::int64_t value) {
  value_comes();
  out_ += std::to_string(value);
  return *this;
}

json_writer& json_writer::flag(bool value) {
  return raw(value ? "true" : "false");
}

json_writer& json_writer::null() {
  return raw("null");
}

json_writer& json_writer::raw(std::string_view json) {
  value_comes();
  out_ += json;
  return *this;
}

} // namespace assistly::json
