#include "config/settings.hpp"

#include "config/read_file.hpp"
#include "config/settings_checks.hpp"
#include "config/settings_reader.hpp"

#include <string_view>
#include <system_error>
#include <unistd.h>

namespace assistly::config {

environment read_environment() {
  environment out;
  for (char** each = ::environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view pair{*each};
    const std::size_t equals = pair.find('=');
    if (pair.starts_with("ASSISTLY_") && equals != std::string_view::npos)
      out.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return out;
}

std::optional<std::filesystem::path> default_config_file() {
  std::filesystem::path file{"assistly.toml"};
  std::error_code ignored; // What cannot be looked at is not there for us.
  if (std::filesystem::exists(file, ignored))
    return file;
  return std::nullopt;
}

checked<settings> parse_settings(std::string_view text,
                                 const std::filesystem::path& folder,
                                 const environment& env) {
  checked<settings> out;
  const auto document = read_document(text);
  if (!document) {
    out.faults = document.faults;
    return out;
  }
  settings read;
  settings_reader reader{folder, read};
  reader.apply_defaults();
  reader.apply_document(*document.value, env);
  reader.apply_environment(env);
  complete_and_check(read, folder, reader);
  out.faults = reader.take_faults();
  out.warnings = reader.take_warnings();
  if (out.faults.empty())
    out.value = std::move(read);
  return out;
}

checked<settings>
load_settings(const std::optional<std::filesystem::path>& file,
              const environment& env) {
  if (!file)
    return parse_settings("", {}, env);
  const auto text = read_file(*file, max_document_bytes);
  if (!text) {
    checked<settings> out;
    out.faults.push_back({"", 0, 0, text.error().text});
    return out;
  }
  return parse_settings(*text, file->parent_path(), env);
}

settings default_settings() {
  auto read = parse_settings("", {}, {});
  // The table's own defaults are read by every test of this room.
  return std::move(*read.value);
}

} // namespace assistly::config
