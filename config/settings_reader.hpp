/// Reads a document and the environment into settings, one option at a time,
/// and remembers where each value came from. Used by `load_settings` alone.
#pragma once

#include "config/document.hpp"
#include "config/options.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::config {

class settings_reader {
public:
  settings_reader(std::filesystem::path folder, settings& into)
    : folder_(std::move(folder)), into_(into) {}

  /// Every option at its default.
  void apply_defaults();

  /// What the file says, without a secret's file where `env` overrides it.
  /// Unknown sections and keys are faults.
  void apply_document(const document_value& root, const environment& env);

  /// What the environment says; it wins. Unknown variables are warnings.
  void apply_environment(const environment& env);

  /// A fault of the option `key`, shown where its value was written.
  void refuse(std::string_view key, std::string text);

  void warn(std::string text) {
    warnings_.push_back(std::move(text));
  }

  /// True if file or environment gave a value.
  bool is_given(std::string_view key) const {
    return origins_.contains(key);
  }

  /// True if the option has a fault already: what follows from its value would
  /// only confuse.
  bool is_refused(std::string_view key) const {
    return refused_.contains(key);
  }

  std::vector<config_fault> take_faults();

  std::vector<std::string> take_warnings() {
    return std::move(warnings_);
  }

private:
  struct origin {
    std::string shown; // The key, or the variable's name.
    text_position at;
  };

  void apply_section(const document_member& section, const environment& env);
  void read_secret(const option& what, std::string_view file);
  void set(const option& what, const document_value& value);
  void refuse_unknown(std::string_view key, text_position at);

  std::filesystem::path folder_;
  settings& into_;
  std::map<std::string, origin, std::less<>> origins_;
  std::set<std::string, std::less<>> refused_;
  std::vector<config_fault> faults_;
  std::vector<std::string> warnings_;
};

} // namespace assistly::config
