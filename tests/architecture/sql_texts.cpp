#include "tests/architecture/sql_texts.hpp"

#include <algorithm>
#include <map>
#include <regex>

namespace assistly::architecture {

namespace {

/// One piece of C++: a string literal's content, a word, or another sign.
struct piece {
  enum class kind { literal, word, sign } what;
  std::string text;
};

std::vector<piece> pieces_of(std::string_view text) {
  std::vector<piece> all;
  std::size_t at = 0;
  auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  while (at < text.size()) {
    auto rest = text.substr(at);
    if (rest.starts_with("//")) {
      at += std::min(rest.find('\n'), rest.size());
    } else if (rest.starts_with("/*")) {
      auto end = rest.find("*/");
      at += end == std::string_view::npos ? rest.size() : end + 2;
    } else if (rest.starts_with("R\"(")) {
      auto end = rest.find(")\"");
      all.push_back(
        {piece::kind::literal, std::string{rest.substr(3, end - 3)}});
      at += end == std::string_view::npos ? rest.size() : end + 2;
    } else if (rest[0] == '"') {
      std::size_t end = 1;
      while (end < rest.size() && rest[end] != '"')
        end += rest[end] == '\\' ? 2u : 1u;
      all.push_back(
        {piece::kind::literal, std::string{rest.substr(1, end - 1)}});
      at += end + 1;
    } else if (is_word(rest[0])) {
      std::size_t end = 1;
      while (end < rest.size() && (is_word(rest[end]) || rest[end] == '\''))
        ++end;
      all.push_back({piece::kind::word, std::string{rest.substr(0, end)}});
      at += end;
    } else {
      if (!std::isspace(static_cast<unsigned char>(rest[0])))
        all.push_back({piece::kind::sign, std::string{rest[0]}});
      ++at;
    }
  }
  return all;
}

std::map<std::string, std::string> macros_of(const std::string& text) {
  std::map<std::string, std::string> all;
  std::regex define{"#define\\s+(\\w+)((?:[^\\n\\\\]|\\\\[\\s\\S])*)"};
  for (std::sregex_iterator it{text.begin(), text.end(), define}, end;
       it != end; ++it) {
    std::string body;
    for (const auto& p : pieces_of((*it)[2].str()))
      if (p.what == piece::kind::literal)
        body += p.text;
    if (!body.empty())
      all[(*it)[1]] = body;
  }
  return all;
}

bool is_sql(const std::string& text) {
  for (const auto* verb :
       {"SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "})
    if (text.starts_with(verb))
      return true;
  return false;
}

} // namespace

std::vector<sql_text> sql_texts_of(const source_file& file) {
  std::vector<sql_text> all;
  auto macros = macros_of(file.text);
  auto pieces = pieces_of(std::regex_replace(
    file.text, std::regex{"#define(?:[^\\n\\\\]|\\\\[\\s\\S])*"}, ""));
  std::string name;
  std::string run;
  auto end_run = [&] {
    if (is_sql(run))
      all.push_back({file.path, name, run});
    run.clear();
  };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& p = pieces[i];
    if (p.what == piece::kind::literal) {
      run += p.text;
    } else if (p.what == piece::kind::word && macros.contains(p.text)) {
      run += macros[p.text];
    } else {
      end_run();
      // `query name{`, `query name[] = {`, `rule name[] = {`
      if (p.what == piece::kind::word && i + 1 < pieces.size()
          && pieces[i + 1].what == piece::kind::sign
          && (pieces[i + 1].text == "{" || pieces[i + 1].text == "["))
        name = p.text;
    }
  }
  end_run();
  return all;
}

std::vector<std::string> tenant_tables(const std::string& schema) {
  std::vector<std::string> all;
  std::regex create{"CREATE TABLE (\\w+)\\(\\s*tenant_id "};
  for (std::sregex_iterator it{schema.begin(), schema.end(), create}, end;
       it != end; ++it)
    all.push_back((*it)[1]);
  return all;
}

std::string tenant_breach(const std::string& text,
                          const std::vector<std::string>& tables) {
  static const std::regex named{"\\b(FROM|INTO|UPDATE|JOIN)\\s+(\\w+)"};
  std::ptrdiff_t needed = 0;
  bool inserts = false;
  std::string first;
  for (std::sregex_iterator it{text.begin(), text.end(), named}, end; it != end;
       ++it) {
    if (std::find(tables.begin(), tables.end(), (*it)[2]) == tables.end())
      continue;
    first = first.empty() ? std::string{(*it)[2]} : first;
    if ((*it)[1] == "INTO")
      inserts = true;
    else
      ++needed;
  }
  if (inserts
      && !std::regex_search(text, std::regex{"INTO \\w+\\(tenant_id\\b"}))
    return first + ": an INSERT without the tenant as its first column";
  if (inserts
      && !std::regex_search(text, std::regex{"(VALUES\\(|SELECT )\\$1\\b"}))
    return first + ": an INSERT whose tenant is not $1";
  static const std::regex bound{"\\btenant_id = \\$1(?!\\d)"};
  auto have =
    std::distance(std::sregex_iterator{text.begin(), text.end(), bound},
                  std::sregex_iterator{});
  if (have < needed)
    return first + ": a tenant's table without tenant_id = $1";
  return {};
}

} // namespace assistly::architecture
