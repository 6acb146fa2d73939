/// A copy of the data, and its way back (RELIABILITY P14, G10).
#include "storage/backup.hpp"
#include "storage/restore.hpp"
#include "tests/storage/erasure_case.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

namespace fs = std::filesystem;

class backups : public erasure_case {
protected:
  fs::path copy() const {
    return node_.folder.path() / "copy.backup";
  }

  void back_up() {
    auto done =
      write_backup(*node_.database, *node_.writer, node_.clock, copy());
    ASSERT_TRUE(done) << done.error().text;
    EXPECT_GT(done->bytes, 0);
  }

  void lose_database() {
    for (const auto* end : {"", "-wal", "-shm"})
      fs::remove(node_.data_file().string() + end);
  }

  outcome<restore_facts> restore_now(bool accept_missing_ledger = false,
                                     bool accept_older_keys = false) {
    restore_order order;
    order.accept_older_keys = accept_older_keys;
    order.from = copy();
    order.place = {node_.data_file(), node_.folder.path() / "keys"};
    order.ledger_file = node_.ledger_file();
    order.accept_missing_ledger = accept_missing_ledger;
    return restore_backup(order, node_.clock, node_.random);
  }

  restore_facts lose_and_restore() {
    outcome<restore_facts> result{restore_facts{}};
    node_.reopen([&] {
      lose_database();
      result = restore_now();
    });
    EXPECT_TRUE(result) << result.error().text;
    EXPECT_EQ(node_.broken(), "");
    return result ? *result : restore_facts{};
  }

  void erase(const conversation& c) {
    EXPECT_EQ(node_.erase(erase_scope::conversation, c.id.value).now,
              erase_progress::state::done);
  }
};

TEST_F(backups, bring_back_what_was_there) {
  talk();
  back_up();
  auto facts = lose_and_restore();
  EXPECT_EQ(facts.taken_at, node_.clock.now());
  EXPECT_EQ(facts.replayed, 0);
  auto turns = node_.turns(first_.id);
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_EQ(turns.at(0).text, "Hello");
  EXPECT_EQ(turns.at(1).text, "Hi!");
}

TEST_F(backups, hold_no_keys_and_are_for_the_operator_alone) {
  talk();
  back_up();
  EXPECT_EQ(fs::status(copy()).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fakes::read_whole(copy()).find("wrapped_key"), std::string::npos);
}

TEST_F(backups, write_over_nothing) {
  back_up();
  auto again =
    write_backup(*node_.database, *node_.writer, node_.clock, copy());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::conflict);
}

TEST_F(backups, that_fail_leave_nothing_behind) {
  auto to = node_.folder.path() / "no-such-folder" / "copy";
  auto done = write_backup(*node_.database, *node_.writer, node_.clock, to);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, errc::io_failed);
  EXPECT_FALSE(fs::exists(to));
}

TEST_F(backups, P14_do_not_bring_back_what_was_erased_since) {
  talk();
  back_up();
  erase(first_);
  auto facts = lose_and_restore();
  EXPECT_EQ(facts.replayed, 1);
  EXPECT_EQ(facts.erased_again, 1);
  EXPECT_EQ(rows("conversation"), 1);
  EXPECT_EQ(rows("turn"), 2) << "the other's message, and the note on it";
}

TEST_F(backups, P14_control_a_copy_put_back_by_hand_holds_the_erased_rows) {
  talk();
  back_up();
  erase(first_);
  node_.reopen([&] {
    lose_database();
    fs::copy_file(copy(), node_.data_file());
  });
  EXPECT_EQ(rows("conversation"), 2);
}

TEST_F(backups, erase_again_what_was_under_a_hold_that_was_lifted_since) {
  talk();
  node_.execute("UPDATE conversation SET hold = 1");
  back_up();
  node_.execute("UPDATE conversation SET hold = 0");
  erase(first_);
  lose_and_restore();
  EXPECT_EQ(rows("conversation"), 1);
  EXPECT_EQ(node_.number("SELECT hold FROM conversation"), 1);
}

TEST_F(backups, do_not_bring_back_a_tenant) {
  talk();
  back_up();
  EXPECT_EQ(node_.erase(erase_scope::tenant, {}).now,
            erase_progress::state::done);
  lose_and_restore();
  EXPECT_EQ(rows("tenant"), 0);
  EXPECT_EQ(rows("conversation"), 0);
}

TEST_F(backups, P14_send_nothing_that_may_have_left_since) {
  talk();
  auto queued = node_.answer(second_, "At nine.").sends.at(0).id;
  back_up();
  node_.sent(queued, "m_left_meanwhile");
  auto facts = lose_and_restore();
  EXPECT_EQ(facts.in_doubt, 1);
  EXPECT_EQ(facts.to_people, 1);
  EXPECT_EQ(node_.number("SELECT state FROM outbox"),
            static_cast<int>(turn_state::unknown));
  EXPECT_NE(node_.claim(queued).verdict, claim_verdict::proceed);
}

TEST_F(backups, P14_answer_nobody_who_may_have_been_answered_since) {
  talk();
  ASSERT_TRUE(second_.reply_due_at);
  back_up();
  auto facts = lose_and_restore();
  EXPECT_EQ(facts.to_people, 1);
  auto now = node_.now_of(second_.id);
  EXPECT_FALSE(now.reply_due_at);
  EXPECT_EQ(now.owner, speaker::human);
  auto note = node_.turns(second_.id).back();
  EXPECT_EQ(note.who, author::system);
  EXPECT_NE(note.text.find("Restored from a backup of"), std::string::npos);
}

TEST_F(backups, keep_what_was_acknowledged_and_answer_it_not) {
  talk();
  node_.offer(fakes::message("Are you there?", "m_3", "customer-3"));
  back_up();
  auto facts = lose_and_restore();
  EXPECT_EQ(facts.taken_in, 1);
  EXPECT_EQ(rows("journal"), 0);
  EXPECT_EQ(rows("conversation"), 3);
  EXPECT_EQ(
    node_.number(
      "SELECT count(*) FROM conversation WHERE reply_due_at IS NOT NULL"),
    0);
}

TEST_F(backups, are_refused_beside_an_older_ledger) {
  talk();
  auto older = fakes::read_whole(node_.ledger_file());
  erase(first_);
  back_up();
  outcome<restore_facts> refused{restore_facts{}};
  outcome<restore_facts> accepted{restore_facts{}};
  node_.reopen([&] {
    lose_database();
    std::ofstream{node_.ledger_file(), std::ios::binary} << older;
    refused = restore_now();
    accepted = restore_now(true);
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::conflict);
  EXPECT_NE(refused.error().text.find("--accept-missing-ledger"),
            std::string::npos);
  ASSERT_TRUE(accepted) << accepted.error().text;
  EXPECT_EQ(rows("conversation"), 1);
}

TEST_F(backups, without_a_ledger_still_erase_what_has_lost_its_key) {
  talk();
  back_up();
  erase(first_);
  outcome<restore_facts> accepted{restore_facts{}};
  node_.reopen([&] {
    lose_database();
    fs::remove(node_.ledger_file());
    accepted = restore_now(true);
  });
  ASSERT_TRUE(accepted) << accepted.error().text;
  EXPECT_EQ(accepted->dropped, 1);
  EXPECT_EQ(rows("conversation"), 1);
  EXPECT_EQ(node_.book->entries(), 0u) << "nobody asked for an erasure";
}

TEST_F(backups, are_refused_beside_an_older_key_store) {
  first_ = *node_.hear(fakes::message("Hello", "m_1")).now;
  auto store = std::filesystem::path{node_.database->key_store_name()};
  auto older = node_.folder.path() / "older-keys";
  node_.reopen([&] { fs::copy_file(store, older); });
  second_ = *node_.hear(fakes::message("Hello", "m_2", "customer-2")).now;
  back_up();
  outcome<restore_facts> refused{restore_facts{}};
  outcome<restore_facts> accepted{restore_facts{}};
  node_.reopen([&] {
    lose_database();
    fs::copy_file(older, store, fs::copy_options::overwrite_existing);
    refused = restore_now();
    accepted = restore_now(false, true);
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::conflict);
  EXPECT_NE(refused.error().text.find("--accept-older-keys"),
            std::string::npos);
  ASSERT_TRUE(accepted) << accepted.error().text;
  EXPECT_EQ(accepted->dropped, 1);
  EXPECT_EQ(rows("conversation"), 1);
  EXPECT_EQ(node_.turns(first_.id).at(0).text, "Hello");
  EXPECT_EQ(node_.broken(), "");
}

inbound_event whatsapp(std::string id, std::vector<alias> who) {
  auto e = fakes::message("Hello", std::move(id));
  e.channel = channel_kind::whatsapp;
  e.account_id = "acme-number";
  e.person = std::move(who);
  return e;
}

TEST_F(backups, give_persons_that_were_joined_since_a_key_of_their_own) {
  const alias phone{alias_space::wa_phone, "491700000001"};
  const alias user{alias_space::bsuid, "DE.77"};
  node_.hear(whatsapp("w_1", {phone}));
  node_.hear(whatsapp("w_2", {user}));
  back_up();
  node_.hear(whatsapp("w_3", {phone, user}));
  ASSERT_EQ(rows("person"), 1);
  lose_and_restore();
  EXPECT_EQ(rows("person"), 2);
  EXPECT_EQ(rows("alias"), 2);
  // And they can be joined again.
  EXPECT_EQ(node_.hear(whatsapp("w_4", {phone, user})).what, taken::stored);
  EXPECT_EQ(rows("person"), 1);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(backups, are_not_restored_beside_the_log_of_a_database_moved_away) {
  talk();
  back_up();
  outcome<restore_facts> result{restore_facts{}};
  auto log = node_.data_file().string() + "-wal";
  node_.reopen([&] {
    lose_database();
    std::ofstream{log} << "what was committed last";
    result = restore_now();
    fs::remove(log);
    EXPECT_TRUE(restore_now());
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::conflict);
  EXPECT_NE(result.error().text.find("-wal"), std::string::npos);
}

TEST_F(backups, that_were_cut_off_while_they_were_copied_are_not_passed_over) {
  talk();
  back_up();
  std::string refusal;
  bool known = true;
  node_.reopen([&] {
    lose_database();
    std::ofstream{node_.data_file().string() + ".restoring"} << "half";
    auto opened = database::open(
      {node_.data_file(), node_.folder.path() / "keys"}, node_.random);
    if (!opened)
      refusal = opened.error().text;
    known = static_cast<bool>(state_of(node_.data_file()));
    EXPECT_FALSE(fs::exists(node_.data_file()));
    EXPECT_TRUE(restore_now());
  });
  EXPECT_NE(refusal.find("assistly restore"), std::string::npos) << refusal;
  EXPECT_FALSE(known);
  EXPECT_EQ(rows("conversation"), 2);
}

TEST_F(backups, are_asked_for_where_a_database_is_missing) {
  talk();
  back_up();
  std::string refusal;
  node_.reopen([&] {
    lose_database();
    auto opened = database::open(
      {node_.data_file(), node_.folder.path() / "keys"}, node_.random);
    if (!opened)
      refusal = opened.error().text;
    EXPECT_FALSE(state_of(node_.data_file()));
    EXPECT_FALSE(fs::exists(node_.data_file())) << "none is made instead";
    EXPECT_TRUE(restore_now());
  });
  EXPECT_NE(refusal.find("key store is here"), std::string::npos) << refusal;
}

TEST_F(backups, give_no_number_of_a_tenant_twice) {
  back_up();
  auto later = node_.apply(fakes::plan_of("globex")).tenant;
  lose_and_restore();
  EXPECT_GT(node_.apply(fakes::plan_of("initech")).tenant, later);
}

TEST_F(backups, are_not_restored_over_a_database) {
  talk();
  back_up();
  outcome<restore_facts> result{restore_facts{}};
  node_.reopen([&] { result = restore_now(); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::conflict);
  EXPECT_EQ(rows("conversation"), 2);
}

TEST_F(backups, that_are_none_are_refused) {
  talk();
  outcome<restore_facts> text{restore_facts{}};
  outcome<restore_facts> missing{restore_facts{}};
  outcome<restore_facts> database{restore_facts{}};
  node_.reopen([&] {
    auto aside = node_.folder.path() / "aside";
    missing = restore_now();
    std::ofstream{copy()} << "not a backup";
    text = restore_now();
    fs::rename(node_.data_file(), aside);
    fs::copy_file(aside, copy(), fs::copy_options::overwrite_existing);
    database = restore_now();
    fs::rename(aside, node_.data_file());
  });
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, errc::not_found);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, errc::invalid);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, errc::invalid);
}

TEST_F(backups, half_restored_are_not_opened_and_can_be_begun_anew) {
  talk();
  back_up();
  erase(first_);
  std::string refusal;
  node_.reopen([&] {
    lose_database();
    auto aside = node_.folder.path() / "ledger-aside";
    fs::rename(node_.ledger_file(), aside);
    fs::create_directory(node_.ledger_file());
    EXPECT_FALSE(restore_now()) << "a folder is no ledger";
    auto opened = database::open(
      {node_.data_file(), node_.folder.path() / "keys"}, node_.random);
    if (!opened)
      refusal = opened.error().text;
    fs::remove(node_.ledger_file());
    fs::rename(aside, node_.ledger_file());
    EXPECT_TRUE(restore_now());
  });
  EXPECT_NE(refusal.find("assistly restore"), std::string::npos) << refusal;
  EXPECT_EQ(rows("conversation"), 1);
}

} // namespace
} // namespace assistly::storage
