#include "config/documentation.hpp"

#include "config/options.hpp"

#include <algorithm>
#include <string_view>

namespace assistly::config {

namespace {

constexpr std::string_view introduction =
  "Assistly's configuration. Every key stands here with its default, so an\n"
  "empty file means the same. A key can also be set by the variable named\n"
  "with it; the variable wins. A secret can be kept in a file of its own\n"
  "instead: its first line is taken. Relative paths start at the folder of\n"
  "this file.";

struct section_title {
  std::string_view name;
  std::string_view what;
};

constexpr section_title titles[]{
  {"http", "The web server"},
  {"operations", "Health and metrics"},
  {"meta", "The app at Meta"},
  {"storage", "The database"},
  {"keys", "Keys"},
  {"ledger", "Record of erasures"},
  {"answers", "Answers"},
  {"mail", "Mail"},
  {"retention", "Bounds for what businesses may choose"},
  {"log", "The log"},
  {"outgoing", "Calls to other servers"},
  {"sandbox", "The stand-in for Meta"},
};

/// `text` in lines of at most 78 characters, each after "# ".
std::string comment(std::string_view text) {
  std::string out;
  std::string line = "#";
  const auto end_line = [&] {
    out += line + '\n';
    line = "#";
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    if (line.size() + 1 + word.size() > 78)
      end_line();
    line += ' ';
    line += word;
    if (end < text.size() && text[end] == '\n')
      end_line();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  end_line();
  return out;
}

std::string_view section_of(const option& what) {
  return what.key.substr(0, what.key.find('.'));
}

std::string_view name_of(const option& what) {
  return what.key.substr(what.key.find('.') + 1);
}

} // namespace

std::string documented_file() {
  std::string out = comment(introduction);
  std::string_view section;
  for (const option& each : all_options()) {
    if (section_of(each) != section) {
      section = section_of(each);
      for (const section_title& title : titles)
        if (title.name == section)
          out += "\n# --- " + std::string{title.what} + " ---\n";
      out += '[' + std::string{section} + "]\n";
    }
    const std::string name{name_of(each)};
    out += '\n' + comment(each.help);
    out += comment("Must be " + rule_of(each) + '.');
    out += "# " + variable_of(each.key) + '\n';
    if (is_secret(each))
      out +=
        "# Or " + name + "_file = \"…\", " + variable_of(each.key) + "_FILE.\n";
    out += name + " = " + std::string{each.fallback} + '\n';
  }
  return out;
}

std::string option_help() {
  std::size_t width = 0;
  for (const option& each : all_options())
    width = std::max(width, each.key.size() + each.fallback.size() + 3);
  std::string out;
  for (const option& each : all_options()) {
    std::string line =
      "  " + std::string{each.key} + " = " + std::string{each.fallback};
    line.append(width + 4 - line.size(), ' ');
    // The first sentence; a dot inside a word ends none.
    const std::size_t end = each.help.find(". ");
    out += line + std::string{each.help.substr(0, end)};
    out += end == std::string_view::npos ? "\n" : ".\n";
  }
  return out;
}

} // namespace assistly::config
