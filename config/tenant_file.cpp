#include "config/tenant_file.hpp"

#include "config/document.hpp"
#include "config/read_file.hpp"
#include "config/tenant_sections.hpp"

#include <algorithm>

namespace assistly::config {

namespace {

void read_tenant(table_reader& root, std::vector<config_fault>& faults,
                 tenant_settings& into) {
  const document_value* section = root.table("tenant");
  if (section == nullptr) {
    if (!root.has("tenant"))
      root.refuse("tenant", "is missing: add [tenant] with id and name");
    return;
  }
  table_reader read{*section, "tenant", faults};
  into.slug = read.text(
    "id", {.required = true,
           .shape = is_slug,
           .shape_rule = "1 to 40 of a-z, 0-9 and -, as \"acme-shop\""});
  into.name = read.text("name", {.required = true});
  into.email = read.text(
    "email", {.most = 254,
              .shape = is_email,
              .shape_rule = "an e-mail address, as \"owner@acme.example\""});
  into.website = read.text(
    "website", {.most = 2048,
                .shape = is_web_url,
                .shape_rule = "a web address, as \"https://acme.example\""});
  into.languages = read.texts(
    "languages",
    {.shape = is_language, .shape_rule = "a language, as \"en\" or \"pt-BR\""},
    50);
  read.finish();
  std::vector<std::string> seen;
  for (const std::string& each : into.languages) {
    if (std::find(seen.begin(), seen.end(), each) != seen.end())
      read.refuse("languages", "must name each language once");
    seen.push_back(each);
  }
  if (into.languages.empty())
    into.languages = {"en"};
}

void read_answers(table_reader& root, std::vector<config_fault>& faults,
                  tenant_settings& into) {
  const document_value* section = root.table("answers");
  if (section == nullptr)
    return;
  table_reader read{*section, "answers", faults};
  if (const auto quiet = read.seconds_as_milliseconds("quiet_seconds", 60))
    into.quiet = milliseconds{*quiet};
  read.finish();
}

} // namespace

checked<tenant_plan> parse_tenant(std::string_view text,
                                  const std::filesystem::path& folder,
                                  const retention_settings& bounds) {
  checked<tenant_plan> out;
  const auto document = read_document(text);
  if (!document) {
    out.faults = document.faults;
    return out;
  }
  tenant_plan read;
  table_reader root{*document.value, "", out.faults};
  read_tenant(root, out.faults, read.settings);
  read_retention(root, bounds, out.faults, read);
  read_handover(root, out.faults, read);
  read_answers(root, out.faults, read.settings);
  read_channels(root, folder, out.faults, read);
  read_knowledge(root, out.faults, read);
  read_comment_rules(root, out.faults, read);
  read_members(root, out.faults, read);
  root.finish();
  sort_by_position(out.faults);
  if (out.faults.empty())
    out.value = std::move(read);
  return out;
}

checked<tenant_plan> load_tenant(const std::filesystem::path& file,
                                 const retention_settings& bounds) {
  const auto text = read_file(file, max_document_bytes);
  if (!text) {
    checked<tenant_plan> out;
    out.faults.push_back({"", 0, 0, text.error().text});
    return out;
  }
  return parse_tenant(*text, file.parent_path(), bounds);
}

} // namespace assistly::config
