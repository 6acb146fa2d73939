/// Nothing personal stands readable in any file, before or after its end.
#include "storage/dead_letters.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <map>

namespace assistly::storage {
namespace {

using fakes::storage_node;

const std::string canary_text = "canary-text-5d1f0c";
const std::string canary_name = "Canary-Name-77ab";
const std::string canary_id = "990011223344556677";
const std::string canary_mid = "m_canary_4711";
const std::string canary_answer = "canary-answer-0aa1";
const std::string canary_token = "EAABcanarytoken";
const std::string canary_mail = "canary.member@acme.example";

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// File -> times the bytes stand in it, for files that hold them at all.
std::map<std::string, int> hits(storage_node& node, const std::string& needle) {
  std::map<std::string, int> found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(node.folder.path())) {
    if (!entry.is_regular_file())
      continue;
    auto text = fakes::read_whole(entry.path());
    for (auto at = text.find(needle); at != std::string::npos;
         at = text.find(needle, at + 1))
      ++found[entry.path().filename().string()];
  }
  return found;
}

class the_canary : public testing::Test {
protected:
  the_canary() {
    auto plan = fakes::plan_of("acme");
    plan.channels[0].access.token = secret_text{canary_token};
    plan.settings.members = {{canary_mail, "agent"}};
    node_.apply(plan);
    auto e = fakes::message(canary_text, canary_mid, canary_id);
    e.person_name = canary_name;
    c_ = *node_.hear(e).now;
    node_.clock.advance(seconds{3});
    send_ = node_.answer(c_, canary_answer, true).sends.at(0).id;
    node_.sent(send_, "m_out_canary");
    node_.offer(fakes::message(canary_text + " again", "m_2", canary_id));
    auto kept = fakes::message("", "m_3", canary_id);
    kept.kind = event_kind::other;
    kept.raw = canary_text;
    node_.offer(kept);
    auto dead =
      node_.offer(fakes::message(canary_text + " dead", "m_4", canary_id));
    node_.write(
      [&](work& w) { bury(w, dead.tenant, dead.id, 5, dead_reason::failed); });
    node_.write([&](work& w) {
      return quarantine(w, node_.database->root(), canary_text);
    });
  }

  void expect_no_hits() {
    for (const auto& needle :
         {canary_text, canary_name, canary_id, canary_mid, canary_answer,
          canary_token, canary_mail, std::string{"m_out_canary"}}) {
      EXPECT_TRUE(hits(node_, needle).empty())
        << needle << " in " << hits(node_, needle).begin()->first;
      EXPECT_TRUE(hits(node_, hex(needle)).empty()) << needle << " in hex";
    }
  }

  storage_node node_;
  conversation c_;
  turn_id send_;
};

TEST_F(the_canary, would_be_seen_if_it_stood_there) {
  // The control: the same search finds what is in clear, in database and log.
  EXPECT_FALSE(hits(node_, "acme").empty());
  node_.execute("INSERT INTO node(name, value) VALUES('canary', '" + canary_text
                + "')");
  auto found = hits(node_, canary_text);
  EXPECT_GE(found["assistly.db-wal"] + found["assistly.db"], 1);
}

TEST_F(the_canary, stands_in_no_file_while_the_conversation_lives) {
  ASSERT_EQ(node_.turns(c_.id).at(0).text, canary_text);
  expect_no_hits();
  node_.empty_log();
  expect_no_hits();
  node_.reopen();
  expect_no_hits();
}

TEST_F(the_canary, is_gone_with_its_ciphertext_after_the_erasure) {
  auto turn_sealed = node_.text("SELECT sealed FROM turn WHERE seq = 1");
  auto to_sealed = node_.text("SELECT sealed FROM conversation");
  auto person_sealed = node_.text("SELECT sealed FROM person");
  auto alias_sealed = node_.text("SELECT sealed FROM alias");
  auto journal_sealed = node_.text("SELECT sealed FROM journal");
  auto kept_sealed = node_.text("SELECT sealed FROM kept_event");
  auto dead_sealed = node_.text("SELECT sealed FROM dead_letter");
  auto lookup = node_.text("SELECT lookup_hash FROM conversation");
  node_.empty_log();
  for (const auto& sealed :
       {turn_sealed, to_sealed, person_sealed, alias_sealed, journal_sealed,
        kept_sealed, dead_sealed, lookup}) {
    ASSERT_GE(sealed.size(), 16u);
    ASSERT_FALSE(hits(node_, sealed).empty()) << "the search must see it first";
  }
  node_.erase(erase_scope::person, c_.person.value);
  node_.empty_log();
  expect_no_hits();
  for (const auto& sealed :
       {turn_sealed, to_sealed, person_sealed, alias_sealed, journal_sealed,
        kept_sealed, dead_sealed, lookup}) {
    auto left = hits(node_, sealed);
    EXPECT_TRUE(left.empty()) << hex(sealed.substr(0, 16)) << " in "
                              << (left.empty() ? "" : left.begin()->first);
  }
}

TEST_F(the_canary, is_gone_with_its_keys_after_the_erasure) {
  auto keys =
    sql::open_sqlite(node_.data_file().string() + ".keys", {true, 1'024});
  auto wrapped = [&] {
    std::vector<std::string> all;
    auto found =
      sql::ask_node(*keys, sql::query{"SELECT wrapped FROM wrapped_key "
                                      "WHERE kind IN (5, 6)"});
    while (found.next())
      all.emplace_back(found.bytes(0));
    return all;
  };
  auto before = wrapped();
  ASSERT_EQ(before.size(), 2u);
  keys.reset();
  node_.empty_log();
  for (const auto& key : before)
    ASSERT_FALSE(hits(node_, key).empty());
  node_.erase(erase_scope::conversation, c_.id.value);
  node_.empty_log();
  for (const auto& key : before)
    EXPECT_TRUE(hits(node_, key).empty());
}

TEST_F(the_canary, is_gone_with_the_tenant) {
  auto settings = node_.text("SELECT sealed FROM tenant");
  auto access = node_.text("SELECT sealed FROM channel WHERE channel_id = 1");
  auto entry = node_.text("SELECT sealed FROM knowledge");
  node_.erase(erase_scope::tenant, {});
  node_.empty_log();
  expect_no_hits();
  for (const auto& sealed : {settings, access, entry}) {
    ASSERT_GE(sealed.size(), 16u);
    EXPECT_TRUE(hits(node_, sealed).empty());
  }
}

} // namespace
} // namespace assistly::storage
