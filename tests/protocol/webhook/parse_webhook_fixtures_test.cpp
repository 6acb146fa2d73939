/// Every stored payload against what a person said it means: expected_kinds.tsv
/// has one row a file, expected_texts.tsv all fields of every text and comment.
#include "tests/protocol/webhook/signed_webhook.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <sstream>

namespace assistly::webhook {
namespace {

constexpr auto here = ASSISTLY_SOURCE_DIR "/tests/protocol/webhook/";

std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  std::ifstream file{here + name};
  EXPECT_TRUE(file) << name;
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::stringstream in{line};
    for (std::string cell; std::getline(in, cell, '\t');)
      cells.push_back(cell);
    if (line.ends_with('\t'))
      cells.emplace_back();
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string state_text(const inbound_event& event) {
  switch (event.state) {
  case delivery_state::sent:
    return "sent";
  case delivery_state::delivered:
    return "delivered";
  case delivery_state::read:
    return "read";
  case delivery_state::failed:
    return "failed:" + std::to_string(event.failure_code);
  case delivery_state::none:
    break;
  }
  return "none";
}

/// `kind channel account detail [flags]` as the table writes it.
std::string described(const inbound_event& event) {
  std::string out{to_string(event.kind)};
  out += ' ';
  out += to_string(event.channel);
  out += ' ';
  out += event.account_id;
  out += ' ';
  switch (event.kind) {
  case event_kind::other:
    out += event.what;
    break;
  case event_kind::status:
  case event_kind::watermark:
    out += state_text(event);
    break;
  default:
    if (event.text.size() > 5000) {
      out += '<';
      out += std::to_string(event.text.size());
      out += " characters>";
    } else {
      out += event.text.empty() ? "-" : event.text;
    }
  }
  if (event.standby)
    out += " [standby]";
  if (event.edit && event.kind != event_kind::withdrawn)
    out += " [edit]";
  if (event.from_phone)
    out += " [phone]";
  return out;
}

std::multiset<std::string> described(const outcome<parsed_webhook>& parsed) {
  std::multiset<std::string> out;
  if (!parsed) {
    EXPECT_EQ(parsed.error().code, errc::unreadable);
    out.insert("unreadable");
    return out;
  }
  for (const auto& event : parsed->events)
    out.insert(described(event));
  if (parsed->unreadable_parts > 0)
    out.insert("set_aside " + std::to_string(parsed->unreadable_parts));
  if (parsed->mismatched > 0)
    out.insert("mismatched " + std::to_string(parsed->mismatched));
  if (parsed->unknown_objects > 0)
    out.insert("unknown_object");
  EXPECT_EQ(parsed->quarantine.size(), parsed->unreadable_parts);
  return out;
}

std::multiset<std::string> expected_of(std::string row) {
  std::multiset<std::string> out;
  constexpr std::string_view separator = " ;; ";
  std::size_t times = 1;
  if (const auto at = row.find(" x "); at != std::string::npos && at < 6) {
    times = std::stoul(row.substr(0, at));
    row.erase(0, at + 3);
  }
  while (!row.empty()) {
    const auto at = row.find(separator);
    for (std::size_t i = 0; i < times; ++i)
      out.insert(row.substr(0, at));
    row.erase(0, at == std::string::npos ? at : at + separator.size());
  }
  return out;
}

TEST(parse_webhook_fixtures, mean_what_the_table_says) {
  for (const auto& row : rows_of("expected_kinds.tsv")) {
    ASSERT_GE(row.size(), 1U);
    const auto expected = expected_of(row.size() > 1 ? row[1] : "");
    EXPECT_EQ(described(parse(payload(row[0]))), expected) << row[0];
  }
}

TEST(parse_webhook_fixtures, are_all_in_the_table) {
  std::set<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(ASSISTLY_FIXTURES "/payloads"))
    if (entry.path().extension() == ".json")
      files.insert(entry.path().filename().string());
  std::set<std::string> listed;
  for (const auto& row : rows_of("expected_kinds.tsv"))
    listed.insert(row.at(0));
  EXPECT_EQ(listed, files);
  EXPECT_EQ(files.size(), 235U);
}

std::string people_of(const inbound_event& event) {
  std::string out;
  for (const auto& who : event.person) {
    out += out.empty() ? "" : ",";
    out += to_string(who.space);
    out += ':' + who.external_id;
  }
  return out;
}

TEST(parse_webhook_fixtures, hold_every_field_of_every_text) {
  std::map<std::string, std::vector<std::vector<std::string>>> by_file;
  for (auto& row : rows_of("expected_texts.tsv"))
    by_file[row.at(0)].push_back(row);
  ASSERT_GE(by_file.size(), 55U);
  for (const auto& [file, rows] : by_file) {
    std::vector<inbound_event> texts;
    for (auto& event : read(payload(file)).events)
      if (!event.text.empty())
        texts.push_back(event);
    ASSERT_EQ(texts.size(), rows.size()) << file;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& want = rows[i];
      const auto& got = texts[i];
      ASSERT_EQ(want.size(), 12U) << file;
      EXPECT_EQ(got.external_id, want[1]) << file;
      EXPECT_EQ(got.dedupe_key, want[2]) << file;
      EXPECT_EQ(got.has_time ? std::to_string(to_unix_ms(got.at)) : "-",
                want[3])
        << file;
      EXPECT_EQ(people_of(got), want[4]) << file;
      EXPECT_EQ(got.person_name, want[5]) << file;
      EXPECT_EQ(got.text, want[6]) << file;
      EXPECT_EQ(got.thread_id, want[7]) << file;
      EXPECT_EQ(got.parent_id, want[8]) << file;
      EXPECT_EQ(got.reply_to, want[9]) << file;
      EXPECT_EQ(got.app_id, want[10]) << file;
      EXPECT_EQ(got.callback, want[11]) << file;
      EXPECT_TRUE(got.what.empty()) << file;
      EXPECT_TRUE(got.raw.empty()) << file;
    }
  }
}

TEST(parse_webhook_fixtures, keep_the_source_of_what_is_not_acted_on) {
  for (const auto& row : rows_of("expected_kinds.tsv")) {
    const auto body = payload(row.at(0));
    const auto parsed = parse(body);
    if (!parsed)
      continue;
    for (const auto& event : parsed->events) {
      EXPECT_FALSE(event.dedupe_key.empty()) << row[0];
      EXPECT_EQ(event.raw.empty(), event.kind != event_kind::other) << row[0];
      EXPECT_NE(body.find(event.raw), std::string::npos) << row[0];
      EXPECT_EQ(event.what.empty(), event.kind != event_kind::other) << row[0];
    }
  }
}

// The fixtures hold no text that a metric could leak: names come from code.
TEST(parse_webhook_fixtures, give_names_from_a_closed_list_only) {
  std::set<std::string_view> names;
  for (const auto& row : rows_of("expected_kinds.tsv"))
    if (const auto parsed = parse(payload(row.at(0))))
      for (const auto& event : parsed->events)
        names.insert(event.what);
  EXPECT_LE(names.size(), 100U);
  for (const auto name : names)
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz._"),
              std::string_view::npos)
      << name;
}

} // namespace
} // namespace assistly::webhook
