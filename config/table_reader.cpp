#include "config/table_reader.hpp"

#include "config/read_file.hpp"
#include "config/shapes.hpp"
#include "model/text_limits.hpp"

#include <cmath>

namespace assistly::config {

namespace {

bool has_forbidden_control(std::string_view text, bool lines) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool allowed = lines && (c == '\n' || c == '\r' || c == '\t');
    if ((byte < 0x20 && !allowed) || byte == 0x7f)
      return true;
  }
  return false;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

const document_value* table_reader::take(std::string_view key) {
  known_.emplace(key);
  return table_.find(key);
}

std::string table_reader::path_of(std::string_view key) const {
  if (path_.empty() || key.empty())
    return path_ + std::string{key};
  return path_ + '.' + std::string{key};
}

void table_reader::refuse(std::string_view key, std::string text) {
  const document_value* value = table_.find(key);
  const text_position at = value != nullptr ? value->at : table_.at;
  faults_.push_back({path_of(key), at.line, at.column, std::move(text)});
}

std::string table_reader::what_is_wrong(const document_value& value,
                                        const text_rule& rule) const {
  if (value.kind != value_kind::text)
    return "must be text in quotes";
  if (is_blank(value.text))
    return rule.required ? "must not be empty" : "";
  if (has_forbidden_control(value.text, rule.lines))
    return rule.lines ? "must not hold control characters"
                      : "must be one line without control characters";
  if (code_points(value.text) > rule.most)
    return "must have at most " + std::to_string(rule.most) + " characters";
  if (rule.shape != nullptr && !rule.shape(value.text))
    return "must be " + std::string{rule.shape_rule};
  return "";
}

std::string table_reader::text(std::string_view key, const text_rule& rule) {
  const document_value* value = take(key);
  if (value == nullptr) {
    if (rule.required)
      refuse(key, "is missing: add " + std::string{key} + " = \"…\"");
    return {};
  }
  std::string wrong = what_is_wrong(*value, rule);
  if (!wrong.empty()) {
    refuse(key, std::move(wrong));
    return {};
  }
  return is_blank(value->text) ? std::string{} : value->text;
}

std::vector<std::string> table_reader::texts(std::string_view key,
                                             const text_rule& each,
                                             std::size_t most_items) {
  std::vector<std::string> out;
  const document_value* value = take(key);
  if (value == nullptr)
    return out;
  if (value->kind != value_kind::list) {
    refuse(key, "must be a list of texts in quotes, as [\"…\", \"…\"]");
    return out;
  }
  if (value->items.size() > most_items) {
    refuse(key, "must have at most " + std::to_string(most_items) + " texts");
    return out;
  }
  text_rule rule = each;
  rule.required = true; // An empty text in a list is a slip.
  std::size_t number = 0;
  for (const document_value& item : value->items) {
    ++number;
    std::string wrong = what_is_wrong(item, rule);
    if (wrong.empty())
      out.push_back(item.text);
    else
      faults_.push_back({path_of(key) + '[' + std::to_string(number) + ']',
                         item.at.line, item.at.column, std::move(wrong)});
  }
  return out;
}

std::optional<std::int64_t> table_reader::whole(std::string_view key,
                                                std::int64_t least,
                                                std::int64_t most) {
  const document_value* value = take(key);
  if (value == nullptr)
    return std::nullopt;
  if (value->kind == value_kind::integer && value->integer >= least
      && value->integer <= most)
    return value->integer;
  refuse(key, "must be a whole number from " + std::to_string(least) + " to "
                + std::to_string(most));
  return std::nullopt;
}

std::optional<std::int64_t>
table_reader::seconds_as_milliseconds(std::string_view key, double most) {
  const document_value* value = take(key);
  if (value == nullptr)
    return std::nullopt;
  const bool is_number =
    value->kind == value_kind::integer || value->kind == value_kind::real;
  const double number = value->kind == value_kind::real
                          ? value->real
                          : static_cast<double>(value->integer);
  if (is_number && number >= 0 && number <= most)
    return std::llround(number * 1000);
  refuse(key, "must be a number from 0 to "
                + std::to_string(static_cast<std::int64_t>(most)));
  return std::nullopt;
}

secret_text table_reader::secret(std::string_view key,
                                 const std::filesystem::path& folder,
                                 bool required) {
  const std::string file_key = std::string{key} + "_file";
  const document_value* plain = take(key);
  const document_value* file = take(file_key);
  if (plain != nullptr && file != nullptr) {
    refuse(file_key, "stands beside " + path_of(key) + ": keep one");
    return {};
  }
  const text_rule rule{.required = required, .most = 4096};
  if (file == nullptr) {
    if (plain == nullptr && required) {
      refuse(key, "is missing: add " + std::string{key} + " = \"…\" or "
                    + file_key + " = \"…\"");
      return {};
    }
    return secret_text{text(key, rule)};
  }
  const std::string name = text(file_key, {.required = true, .most = 4096});
  if (name.empty())
    return {};
  auto line = read_secret_file(below(folder, name));
  if (!line) {
    refuse(file_key, "cannot be had: " + line.error().text);
    return {};
  }
  if (!is_one_line(*line)) {
    refuse(file_key, "must name a file whose first line is text");
    return {};
  }
  return secret_text{std::move(*line)};
}

const document_value* table_reader::table(std::string_view key) {
  const document_value* value = take(key);
  if (value == nullptr || value->kind == value_kind::table)
    return value;
  refuse(key, "must be a section: write [" + path_of(key) + "]");
  return nullptr;
}

const std::vector<document_value>&
table_reader::tables(std::string_view key, std::size_t most_items) {
  static const std::vector<document_value> none;
  const document_value* value = take(key);
  if (value == nullptr)
    return none;
  bool right = value->kind == value_kind::list;
  for (const document_value& each : value->items)
    right = right && each.kind == value_kind::table;
  if (!right) {
    refuse(key, "must be written as [[" + path_of(key) + "]]");
    return none;
  }
  if (value->items.size() > most_items) {
    refuse(key,
           "must stand here at most " + std::to_string(most_items) + " times");
    return none;
  }
  return value->items;
}

void table_reader::finish() {
  for (const document_member& each : table_.members)
    if (!known_.contains(each.key))
      faults_.push_back({shown_key(path_of(each.key)), each.at.line,
                         each.at.column, "is no known key"});
}

} // namespace assistly::config
