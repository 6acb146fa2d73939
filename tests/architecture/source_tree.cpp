#include "tests/architecture/source_tree.hpp"

#include "tests/fakes/temporary_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace assistly::architecture {

namespace fs = std::filesystem;

std::vector<source_file> read_tree(const std::vector<std::string>& ends) {
  static const std::set<std::string> skipped{"build", "node_modules", "dist",
                                             "fixtures", "corpus"};
  std::vector<source_file> all;
  fs::path root{ASSISTLY_SOURCE_DIR};
  auto it = fs::recursive_directory_iterator{root};
  for (auto end = fs::end(it); it != end; ++it) {
    auto name = it->path().filename().string();
    if (it->is_directory()) {
      if (skipped.contains(name) || name.starts_with("."))
        it.disable_recursion_pending();
      continue;
    }
    if (std::none_of(ends.begin(), ends.end(),
                     [&](const auto& e) { return name.ends_with(e); }))
      continue;
    all.push_back({fs::relative(it->path(), root).generic_string(),
                   fakes::read_whole(it->path())});
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return all;
}

std::vector<source_file> read_sources() {
  return read_tree({".hpp", ".cpp"});
}

std::string_view room_of(std::string_view path) {
  auto slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view{}
                                         : path.substr(0, slash);
}

std::string without_comments(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  auto copy = [&](std::size_t n, bool blank) {
    for (; n > 0 && at < text.size(); --n, ++at)
      out += blank && text[at] != '\n' ? ' ' : text[at];
  };
  while (at < text.size()) {
    auto rest = text.substr(at);
    if (rest.starts_with("//")) {
      copy(std::min(rest.find('\n'), rest.size()), true);
    } else if (rest.starts_with("/*")) {
      auto end = rest.find("*/");
      copy(end == std::string_view::npos ? rest.size() : end + 2, true);
    } else if (rest.starts_with("R\"")) {
      auto open = rest.find('(');
      auto close = ")" + std::string{rest.substr(2, open - 2)} + "\"";
      auto end = rest.find(close, open);
      copy(end == std::string_view::npos ? rest.size() : end + close.size(),
           true);
    } else if (rest[0] == '"'
               || (rest[0] == '\''
                   && (at == 0
                       || !std::isalnum(
                         static_cast<unsigned char>(text[at - 1]))))) {
      char quote = rest[0];
      std::size_t end = 1;
      while (end < rest.size() && rest[end] != quote && rest[end] != '\n')
        end += rest[end] == '\\' ? 2u : 1u;
      copy(1, false);
      copy(end - 1, true);
      copy(1, false);
    } else {
      copy(1, false);
    }
  }
  return out;
}

} // namespace assistly::architecture
