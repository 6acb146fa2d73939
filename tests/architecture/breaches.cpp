#include "tests/architecture/breaches.hpp"

#include <algorithm>
#include <regex>

namespace assistly::architecture {

namespace {

using names = std::set<std::string, std::less<>>;

/// Room -> rooms it may include, its own among them. A room not named here
/// (tests, bench, commands, the root) may include all.
const std::map<std::string, names, std::less<>>& may_include() {
  static const std::map<std::string, names, std::less<>> table{
    {"model", {"model"}},
    {"telemetry", {"telemetry", "model"}},
    {"config", {"config", "model"}},
    {"crypto", {"crypto", "model", "config"}},
    {"protocol", {"protocol", "model", "config", "crypto"}},
    {"storage", {"storage", "model", "config", "crypto"}},
    {"answers", {"answers", "model", "config"}},
    {"actors",
     {"actors", "model", "telemetry", "config", "crypto", "protocol", "storage",
      "answers"}},
    {"api",
     {"api", "actors", "model", "telemetry", "config", "crypto", "protocol",
      "storage", "answers"}},
    {"sandbox", {"sandbox", "model", "config", "crypto", "protocol"}},
  };
  return table;
}

struct border {
  std::string header; ///< how an include of it begins, after the angle
  std::vector<std::string> known_to; ///< how the paths that may begin
};

const std::vector<border>& borders() {
  static const std::vector<border> all{
    {"caf/", {"actors/"}},
    {"boost/beast", {"protocol/http/"}},
    {"boost/asio", {"protocol/http/"}},
    {"boost/json", {"protocol/"}},
    {"simdjson", {"protocol/"}},
    {"curl/", {"protocol/fetch/"}},
    {"sqlite3", {"storage/sql/sqlite.cpp"}},
    {"pqxx/", {"storage/sql/"}},
    {"libpq", {"storage/sql/"}},
    {"openssl/", {"crypto/", "protocol/http/"}},
    {"sodium", {"crypto/"}},
    {"toml++/", {"config/"}},
    {"spdlog/", {"telemetry/"}},
    {"unicode/", {"answers/"}},
    {"libstemmer", {"answers/"}},
    {"libxml/", {"answers/"}},
    {"CLI/", {"commands/"}},
    {"gtest/", {}},
    {"rapidcheck", {}},
    {"benchmark/", {"bench/"}},
  };
  return all;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string first_comment(const std::string& text) {
  std::smatch found;
  if (!std::regex_search(text, found, std::regex{"(?:^|\n) *//+ *([^\n]*)"}))
    return {};
  return found[1];
}

/// The parts of a name between underscores, slashes and dots.
names parts_of(const std::string& name) {
  names all;
  std::regex part{"[A-Za-z0-9+]+"};
  for (std::sregex_iterator it{name.begin(), name.end(), part}, end; it != end;
       ++it)
    all.insert((*it)[0].str());
  return all;
}

} // namespace

std::vector<std::string> includes_of(const std::string& text) {
  std::vector<std::string> all;
  std::regex include{"(?:^|\n)[ \t]*#[ \t]*include[ \t]*([<\"][^>\"\n]*[>\"])"};
  for (std::sregex_iterator it{text.begin(), text.end(), include}, end;
       it != end; ++it)
    all.push_back((*it)[1]);
  return all;
}

breaches room_order(const source_file& file) {
  breaches found;
  auto rule = may_include().find(room_of(file.path));
  for (const auto& include : includes_of(file.text)) {
    if (include[0] != '"')
      continue;
    auto name = include.substr(1, include.size() - 2);
    auto room = std::string{room_of(name)};
    if (room.empty() || room == "." || room == "..")
      found.push_back(file.path + " includes " + include
                      + ", which is not from the root");
    else if (rule != may_include().end() && !rule->second.contains(room))
      found.push_back(file.path + " includes " + include + "; " + rule->first
                      + " may not know " + room);
  }
  return found;
}

breaches library_borders(const source_file& file) {
  breaches found;
  if (room_of(file.path) == "tests" || room_of(file.path) == "bench")
    return found;
  for (const auto& include : includes_of(file.text))
    for (const auto& b : borders()) {
      if (!include.substr(1).starts_with(b.header))
        continue;
      bool known = std::any_of(
        b.known_to.begin(), b.known_to.end(),
        [&](const auto& place) { return file.path.starts_with(place); });
      if (!known)
        found.push_back(file.path + " includes " + include
                        + ", which another room knows alone");
    }
  return found;
}

std::set<std::string> libraries_seen(
  const std::string& path,
  const std::map<std::string, std::vector<std::string>>& includes) {
  std::set<std::string> libraries;
  std::set<std::string> visited;
  std::vector<std::string> open{path};
  while (!open.empty()) {
    auto next = open.back();
    open.pop_back();
    auto it = includes.find(next);
    if (it == includes.end() || !visited.insert(next).second)
      continue;
    for (const auto& include : it->second) {
      auto name = include.substr(1, include.size() - 2);
      if (include[0] == '"')
        open.push_back(name);
      else if (name.starts_with("boost/"))
        libraries.insert(name.substr(0, name.find_first_of("/.", 6)));
      else
        libraries.insert(name.substr(0, name.find('/')));
    }
  }
  return libraries;
}

breaches too_long(const source_file& file) {
  auto lines = lines_of(file.text);
  if (lines <= 400 || first_comment(file.text).starts_with("Long because"))
    return {};
  return {file.path + " has " + std::to_string(lines)
          + " lines and no first comment \"Long because …\""};
}

breaches empty_names(const source_file& file) {
  static const names empty{"manager", "managers", "helper", "helpers",
                           "util",    "utils",    "common", "misc"};
  breaches found;
  for (const auto& part : parts_of(file.path))
    if (empty.contains(part))
      found.push_back(file.path + ": a file or folder called " + part);
  auto code =
    std::regex_replace(without_comments(file.text),
                       std::regex{"#[ \t]*include[^\n]*|std::\\w+"}, "");
  std::regex word{"[A-Za-z_]\\w*"};
  names told;
  for (std::sregex_iterator it{code.begin(), code.end(), word}, end; it != end;
       ++it)
    for (const auto& part :
         parts_of(std::regex_replace((*it)[0].str(), std::regex{"_"}, " ")))
      if (empty.contains(part) && told.insert((*it)[0].str()).second)
        found.push_back(file.path + ": something called " + (*it)[0].str());
  return found;
}

breaches unfinished(const source_file& file) {
  breaches found;
  // Put together, so that this file does not name them itself.
  for (const auto& word : {std::string{"TO"} + "DO", std::string{"FIX"} + "ME",
                           std::string{"XX"} + "X:", std::string{"HACK"} + ":"})
    if (file.text.find(word) != std::string::npos)
      found.push_back(file.path + " says " + word);
  return found;
}

breaches machine_paths(const source_file& file) {
  breaches found;
  for (const auto& path :
       {std::string{"/wo"} + "rk/", std::string{"/ro"} + "ot/",
        std::string{"/ho"} + "me/", std::string{"/Use"} + "rs/"})
    for (auto at = file.text.find(path); at != std::string::npos;
         at = file.text.find(path, at + 1)) {
      // "network/work/" and the like are no paths of a machine.
      if (at > 0
          && (std::isalnum(static_cast<unsigned char>(file.text[at - 1]))
              || file.text[at - 1] == '.' || file.text[at - 1] == '}'))
        continue;
      found.push_back(file.path + " names " + path);
      break;
    }
  return found;
}

breaches hidden_time(const source_file& file) {
  breaches found;
  auto code = without_comments(file.text);
  auto forbid = [&](const char* pattern, const char* why) {
    if (std::regex_search(code, std::regex{pattern}))
      found.push_back(file.path + ": " + why);
  };
  auto room = room_of(file.path);
  // The commands put the machine together, and measure it from outside; so does
  // the stand-in, which notes arrivals in microseconds, finer than any clock
  // here.
  if (file.path != "model/clock.hpp" && room != "commands"
      && file.path != "sandbox/run_sandbox.cpp")
    forbid("system_clock::now|\\btime\\(nullptr\\)|\\bgettimeofday\\(",
           "asks the machine for the time");
  if (room != "tests" && room != "bench")
    forbid("std::random_device|\\brand\\(\\)|std::mt19937",
           "makes its own chance");
  if (room != "bench" && room != "commands")
    forbid("\\bsleep_for\\b|\\bsleep_until\\b|\\busleep\\(|\\bnanosleep\\("
           "|[^_\\w.]sleep\\(",
           "sleeps");
  return found;
}

std::map<std::string, std::set<std::string>>
enumerators_of(const std::string& header) {
  std::map<std::string, std::set<std::string>> all;
  auto code = without_comments(header);
  std::regex enumeration{
    "enum class (\\w+)(?:\\s*:\\s*[\\w:]+)?\\s*\\{([^}]*)\\}"};
  std::regex enumerator{"(\\w+)\\s*(?:=[^,]*)?(?:,|$)"};
  for (std::sregex_iterator it{code.begin(), code.end(), enumeration}, end;
       it != end; ++it) {
    auto body = (*it)[2].str();
    for (std::sregex_iterator e{body.begin(), body.end(), enumerator}; e != end;
         ++e)
      all[(*it)[1]].insert((*e)[1]);
  }
  return all;
}

breaches nameless_enumerators(
  const source_file& file,
  const std::map<std::string, std::set<std::string>>& enumerations) {
  breaches found;
  auto code = without_comments(file.text);
  std::regex function{
    "string_view to_string\\(([\\w:]+) \\w+\\)[^{;]*\\{([^]*?)\n\\}"};
  for (std::sregex_iterator it{code.begin(), code.end(), function}, end;
       it != end; ++it) {
    auto name = (*it)[1].str();
    if (auto colon = name.rfind(':'); colon != std::string::npos)
      name = name.substr(colon + 1);
    auto body = (*it)[2].str();
    auto known = enumerations.find(name);
    if (known == enumerations.end() || body.find("switch") == std::string::npos)
      continue;
    for (const auto& value : known->second)
      if (!std::regex_search(body, std::regex{"::" + value + "\\b"}))
        found.push_back(file.path + ": to_string has no name for " + name
                        + "::" + value);
  }
  return found;
}

} // namespace assistly::architecture
