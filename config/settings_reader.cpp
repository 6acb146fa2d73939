#include "config/settings_reader.hpp"

#include "config/assign.hpp"
#include "config/read_file.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace assistly::config {

namespace {

constexpr std::string_view file_ending = "_file";

/// The secret whose `_file` form this key is, or null.
const option* secret_of_file_form(std::string_view key) noexcept {
  if (!key.ends_with(file_ending))
    return nullptr;
  const option* what =
    find_option(key.substr(0, key.size() - file_ending.size()));
  return what != nullptr && is_secret(*what) ? what : nullptr;
}

std::string file_form(std::string_view key) {
  return std::string{key} + std::string{file_ending};
}

bool is_section(std::string_view name) noexcept {
  for (const option& each : all_options())
    if (each.key.substr(0, each.key.find('.')) == name)
      return true;
  return false;
}

/// Levenshtein's distance: how many letters differ.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

/// The known key that was most likely meant.
std::optional<std::string> nearest(std::string_view key) {
  if (key.size() > 80)
    return std::nullopt;
  std::optional<std::string> best;
  std::size_t least = 4; // More than three wrong letters is another word.
  const auto consider = [&](std::string known) {
    const std::size_t apart = distance(key, known);
    if (apart < least) {
      least = apart;
      best = std::move(known);
    }
  };
  for (const option& each : all_options()) {
    consider(std::string{each.key});
    if (is_secret(each))
      consider(file_form(each.key));
  }
  return best;
}

document_value list_of_lines(std::string_view text) {
  document_value out;
  out.kind = value_kind::list;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    document_value item;
    item.kind = value_kind::text;
    item.text = text.substr(0, end);
    if (item.text.ends_with('\r'))
      item.text.pop_back();
    if (!item.text.empty())
      out.items.push_back(std::move(item));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

} // namespace

void settings_reader::apply_defaults() {
  std::string text;
  for (const option& each : all_options())
    text += std::string{each.key} + " = " + std::string{each.fallback} + '\n';
  const auto document = read_document(text);
  for (const option& each : all_options()) {
    const std::size_t dot = each.key.find('.');
    const document_value* section =
      document ? document.value->find(each.key.substr(0, dot)) : nullptr;
    const document_value* value =
      section != nullptr ? section->find(each.key.substr(dot + 1)) : nullptr;
    if (value == nullptr || !assign(each, *value, folder_, into_))
      refuse(each.key, "has a default that is none: this is a bug");
  }
}

void settings_reader::apply_document(const document_value& root,
                                     const environment& env) {
  for (const document_member& section : root.members) {
    if (!is_section(section.key))
      faults_.push_back({shown_key(section.key), section.at.line,
                         section.at.column,
                         section.value.kind == value_kind::table
                           ? "is no known section"
                           : "is no known key: every key stands in a section"});
    else if (section.value.kind != value_kind::table)
      faults_.push_back({section.key, section.at.line, section.at.column,
                         "must be a section: write [" + section.key + "]"});
    else
      apply_section(section, env);
  }
}

void settings_reader::apply_section(const document_member& section,
                                    const environment& env) {
  for (const document_member& member : section.value.members) {
    const std::string key = section.key + '.' + member.key;
    const option* secret = secret_of_file_form(key);
    const option* what = secret != nullptr ? secret : find_option(key);
    if (what == nullptr) {
      refuse_unknown(key, member.at);
      continue;
    }
    if (is_given(what->key)) {
      refuse(what->key, "is given twice, as itself and as a file: keep one");
      continue;
    }
    origins_[std::string{what->key}] = {key, member.value.at};
    const std::string variable = variable_of(what->key);
    const bool overridden =
      env.contains(variable) || env.contains(variable + "_FILE");
    if (secret == nullptr)
      set(*what, member.value);
    else if (member.value.kind != value_kind::text || member.value.text.empty())
      refuse(what->key, "must be the name of a file in quotes");
    else if (!overridden)
      read_secret(*what, member.value.text);
  }
}

void settings_reader::apply_environment(const environment& env) {
  std::set<std::string, std::less<>> known;
  for (const option& each : all_options()) {
    const std::string name = variable_of(each.key);
    const auto plain = env.find(name);
    const auto file = is_secret(each) ? env.find(name + "_FILE") : env.end();
    known.insert(name);
    if (is_secret(each))
      known.insert(name + "_FILE");
    if (plain == env.end() && file == env.end())
      continue;
    const bool by_file = plain == env.end();
    origins_[std::string{each.key}] = {by_file ? name + "_FILE" : name, {}};
    if (plain != env.end() && file != env.end())
      refuse(each.key,
             "is given twice, as itself and as " + name + "_FILE: keep one");
    else if (by_file)
      read_secret(each, file->second);
    else
      set(each, value_of_variable(each, plain->second));
  }
  for (const auto& [name, value] : env)
    if (name.starts_with("ASSISTLY_") && !known.contains(name))
      warn("the variable " + shown_key(name) + " is not known and was ignored");
}

void settings_reader::read_secret(const option& what, std::string_view file) {
  const auto path = below(folder_, file);
  document_value value;
  if (what.type == option_type::secrets) {
    const auto text = read_file(path, 65536);
    if (!text) {
      refuse(what.key, "cannot be had: " + text.error().text);
      return;
    }
    value = list_of_lines(*text);
  } else {
    auto line = read_secret_file(path);
    if (!line) {
      refuse(what.key, "cannot be had: " + line.error().text);
      return;
    }
    value.kind = value_kind::text;
    value.text = std::move(*line);
  }
  set(what, value);
}

void settings_reader::set(const option& what, const document_value& value) {
  if (!assign(what, value, folder_, into_))
    refuse(what.key, "must be " + rule_of(what));
}

void settings_reader::refuse(std::string_view key, std::string text) {
  const auto from = origins_.find(key);
  refused_.insert(std::string{key});
  if (from == origins_.end())
    faults_.push_back({std::string{key}, 0, 0, std::move(text)});
  else
    faults_.push_back({from->second.shown, from->second.at.line,
                       from->second.at.column, std::move(text)});
}

void settings_reader::refuse_unknown(std::string_view key, text_position at) {
  const auto meant = nearest(key);
  faults_.push_back({shown_key(key), at.line, at.column,
                     meant ? "is no known key; did you mean " + *meant + "?"
                           : std::string{"is no known key"}});
}

std::vector<config_fault> settings_reader::take_faults() {
  sort_by_position(faults_);
  return std::move(faults_);
}

} // namespace assistly::config
