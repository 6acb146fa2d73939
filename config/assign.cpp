#include "config/assign.hpp"

#include "config/read_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assistly::config {

namespace {

/// The list's texts, if every item is one that `is_right` takes.
template <class Predicate>
std::optional<std::vector<std::string>> texts_of(const document_value& value,
                                                 Predicate is_right) {
  if (value.kind != value_kind::list)
    return std::nullopt;
  std::vector<std::string> out;
  for (const document_value& each : value.items) {
    if (each.kind != value_kind::text || !is_right(each.text))
      return std::nullopt;
    out.push_back(each.text);
  }
  return out;
}

bool is_right_text(const option& what, const std::string& text) {
  if (!is_one_line(text) || (what.least > 0 && text.empty()))
    return false;
  switch (what.type) {
  case option_type::text:
    return static_cast<double>(text.size()) <= what.most;
  case option_type::choice:
    return std::find(what.choices.begin(), what.choices.end(), text)
           != what.choices.end();
  case option_type::url:
    return text.empty() || is_web_url(text);
  case option_type::email:
    return text.empty() || is_email(text);
  case option_type::version:
    return is_api_version(text);
  default:
    return text.size() <= 65536;
  }
}

std::string without_end_slashes(std::string text) {
  while (text.ends_with('/'))
    text.pop_back();
  return text;
}

/// Writes a value of one kind of slot; every form returns false where value and
/// slot do not fit.
struct writer {
  const option& what;
  const document_value& value;
  const std::filesystem::path& folder;

  bool is_text() const {
    return value.kind == value_kind::text && is_right_text(what, value.text);
  }

  std::optional<std::int64_t> whole() const {
    if (value.kind != value_kind::integer
        || static_cast<double>(value.integer) < what.least
        || static_cast<double>(value.integer) > what.most)
      return std::nullopt;
    return value.integer;
  }

  bool operator()(std::string* into) const {
    if (!is_text())
      return false;
    *into = what.type == option_type::url ? without_end_slashes(value.text)
                                          : value.text;
    return true;
  }

  bool operator()(secret_text* into) const {
    if (!is_text())
      return false;
    *into = secret_text{value.text};
    return true;
  }

  bool operator()(std::vector<std::string>* into) const {
    auto texts =
      texts_of(value, what.type == option_type::networks ? is_address_or_network
                                                         : is_host_and_port);
    if (!texts)
      return false;
    *into = std::move(*texts);
    return true;
  }

  bool operator()(std::vector<secret_text>* into) const {
    auto texts = texts_of(value, [](const std::string& text) {
      return !text.empty() && is_one_line(text);
    });
    if (!texts)
      return false;
    into->clear();
    for (std::string& each : *texts)
      into->emplace_back(std::move(each));
    return true;
  }

  bool operator()(std::filesystem::path* into) const {
    if (!is_text())
      return false;
    *into = below(folder, value.text);
    return true;
  }

  bool operator()(std::size_t* into) const {
    const auto number = whole();
    if (number)
      *into = static_cast<std::size_t>(*number);
    return number.has_value();
  }

  bool operator()(milliseconds* into) const {
    const bool is_number =
      value.kind == value_kind::integer || value.kind == value_kind::real;
    const double number = value.kind == value_kind::real
                            ? value.real
                            : static_cast<double>(value.integer);
    // Written so that "not a number" is refused, too.
    if (!is_number || !(number >= what.least && number <= what.most))
      return false;
    *into = milliseconds{std::llround(number * 1000)};
    return true;
  }

  bool operator()(minutes* into) const {
    const auto number = whole();
    if (number)
      *into = minutes{*number};
    return number.has_value();
  }

  bool operator()(days* into) const {
    const auto number = whole();
    if (number)
      *into = days{*number};
    return number.has_value();
  }

  bool operator()(listen_address* into) const {
    if (value.kind != value_kind::text)
      return false;
    auto address = parse_listen_address(value.text);
    if (!address)
      return false;
    *into = std::move(*address);
    return true;
  }

  bool operator()(answer_provider* into) const {
    if (!is_text())
      return false;
    const auto found =
      std::find(what.choices.begin(), what.choices.end(), value.text);
    *into = static_cast<answer_provider>(found - what.choices.begin());
    return true;
  }
};

template <class Number>
bool is_number(std::string_view text, Number& into) {
  const auto [end, failed] =
    std::from_chars(text.data(), text.data() + text.size(), into);
  return failed == std::errc{} && end == text.data() + text.size();
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

} // namespace

bool assign(const option& what, const document_value& value,
            const std::filesystem::path& folder, settings& into) {
  return std::visit(writer{what, value, folder}, what.slot(into));
}

document_value value_of_variable(const option& what, std::string_view text) {
  document_value out;
  out.kind = value_kind::text;
  out.text = text;
  switch (what.type) {
  case option_type::whole_number:
  case option_type::duration:
  case option_type::seconds:
    if (is_number(text, out.integer))
      out.kind = value_kind::integer;
    else if (is_number(text, out.real))
      out.kind = value_kind::real;
    break;
  case option_type::networks:
  case option_type::hosts:
  case option_type::secrets:
    out.kind = value_kind::list;
    while (!text.empty()) {
      const std::size_t comma = text.find(',');
      document_value item;
      item.kind = value_kind::text;
      item.text = trimmed(text.substr(0, comma));
      out.items.push_back(std::move(item));
      text.remove_prefix(comma == std::string_view::npos ? text.size()
                                                         : comma + 1);
    }
    break;
  default:
    break;
  }
  return out;
}

} // namespace assistly::config
