#include "config/document.hpp"

#include <new>
#include <toml++/toml.h>

namespace assistly::config {

namespace {

text_position position_of(const toml::source_region& region) noexcept {
  return {static_cast<int>(region.begin.line),
          static_cast<int>(region.begin.column)};
}

document_value converted(const toml::node& node) {
  document_value out;
  out.at = position_of(node.source());
  if (const auto* text = node.as_string()) {
    out.kind = value_kind::text;
    out.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    out.kind = value_kind::integer;
    out.integer = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    out.kind = value_kind::real;
    out.real = real->get();
  } else if (const auto* flag = node.as_boolean()) {
    out.kind = value_kind::boolean;
    out.flag = flag->get();
  } else if (const auto* list = node.as_array()) {
    out.kind = value_kind::list;
    for (const toml::node& each : *list)
      out.items.push_back(converted(each));
  } else if (const auto* table = node.as_table()) {
    out.kind = value_kind::table;
    for (const auto& [key, value] : *table)
      out.members.push_back(
        {std::string{key.str()}, position_of(key.source()), converted(value)});
  }
  return out;
}

/// The library's own sentence may quote what stands in the file, and that may
/// be a secret without its quotes. Only the one helpful case is told apart.
std::string_view sentence_for(std::string_view library_text) noexcept {
  if (library_text.find("redefine") != std::string_view::npos)
    return "the key or section stands here for the second time: keep one";
  return "is not valid TOML here: check quotes, brackets and the = sign";
}

} // namespace

const document_value*
document_value::find(std::string_view key) const noexcept {
  for (const document_member& each : members)
    if (each.key == key)
      return &each.value;
  return nullptr;
}

checked<document_value> read_document(std::string_view text) {
  checked<document_value> out;
  if (text.size() > max_document_bytes) {
    out.faults.push_back({"", 0, 0, "the file is larger than 16 MiB"});
    return out;
  }
  try {
    out.value = converted(toml::parse(text));
  } catch (const toml::parse_error& error) {
    const auto at = position_of(error.source());
    out.faults.push_back(
      {"", at.line, at.column, std::string{sentence_for(error.description())}});
  } catch (const std::bad_alloc&) {
    out.faults.push_back({"", 0, 0, "there is not enough memory to read it"});
  }
  return out;
}

} // namespace assistly::config
