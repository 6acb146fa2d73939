#include "crypto/encoding.hpp"
#include "storage/ledger.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/seeded_random.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace assistly::storage {
namespace {

class ledger_rules : public testing::Test {
protected:
  void SetUp() override {
    auto made = crypto::root_key::create(folder_.path() / "keys", random_);
    ASSERT_TRUE(made);
    root_.emplace(std::move(*made));
  }

  outcome<ledger> open(const ledger_mark& at_least = {}) {
    return ledger::open(file_, *root_, at_least);
  }

  /// Writes `count` entries and tells where the ledger then stands.
  ledger_mark write(int count) {
    auto book = open();
    EXPECT_TRUE(book);
    for (int i = 0; i < count; ++i)
      EXPECT_TRUE(book->append(
        {{"scope", "conversation"}, {"subject", std::to_string(i)}}));
    return {book->entries(), book->head()};
  }

  /// The file's entries as text, each with the empty line that ends it.
  std::vector<std::string> pieces() {
    auto text = fakes::read_whole(file_);
    std::vector<std::string> all;
    std::size_t at = 0;
    while (at < text.size()) {
      auto end = text.find("\n\n", at) + 2;
      all.push_back(text.substr(at, end - at));
      at = end;
    }
    return all;
  }

  void put(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& piece : all)
      text += piece;
    fakes::write_whole(file_, text);
  }

  void expect_refused(const ledger_mark& at_least = {}) {
    auto text = fakes::read_whole(file_);
    auto book = open(at_least);
    ASSERT_FALSE(book);
    EXPECT_EQ(book.error().code, errc::conflict);
    EXPECT_NE(book.error().text.find(file_.string()), std::string::npos);
    EXPECT_NE(book.error().text.find("put back the ledger"), std::string::npos);
    EXPECT_EQ(fakes::read_whole(file_), text) << "evidence is left alone";
  }

  fakes::temporary_folder folder_;
  fakes::seeded_random random_{9};
  std::optional<crypto::root_key> root_;
  std::filesystem::path file_ = folder_.path() / "proofs" / "ledger";
};

TEST_F(ledger_rules, chain_signed_entries_over_restarts) {
  auto first = write(2);
  auto then = write(3);
  EXPECT_EQ(first.entries, 2u);
  EXPECT_EQ(then.entries, 5u);
  auto all = read_ledger(file_);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 5u);
  std::string previous = no_previous;
  for (const auto& r : *all) {
    EXPECT_TRUE(is_signed(r));
    EXPECT_EQ(r.previous, previous);
    previous = hash_of(r);
  }
  EXPECT_EQ((*all)[4].fields[0],
            (std::pair<std::string, std::string>{"entry", "5"}));
}

TEST_F(ledger_rules, are_for_the_owners_eyes) {
  write(1);

  struct stat info {};

  ASSERT_EQ(::stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0077, 0u);
}

TEST_F(ledger_rules, find_a_changed_entry) {
  write(3);
  auto all = pieces();
  auto at = all[1].find("subject: 1");
  ASSERT_NE(at, std::string::npos);
  all[1].replace(at, 10, "subject: 7");
  put(all);
  expect_refused();
}

TEST_F(ledger_rules, find_a_changed_entry_that_no_longer_reads) {
  write(3);
  auto all = pieces();
  auto at = all[1].find(": ");
  all[1].replace(at, 2, "= ");
  put(all);
  expect_refused();
}

TEST_F(ledger_rules, find_any_changed_byte) {
  write(3);
  auto text = fakes::read_whole(file_);
  for (std::size_t at = 0; at + 2 < text.size(); at += 7) {
    auto changed = text;
    changed[at] = changed[at] == 'a' ? 'b' : 'a';
    fakes::write_whole(file_, changed);
    EXPECT_FALSE(open()) << "byte " << at << " of " << text.size();
  }
}

TEST_F(ledger_rules, find_a_dropped_entry) {
  for (std::size_t which = 0; which < 2; ++which) {
    std::filesystem::remove(file_);
    write(3);
    auto all = pieces();
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(which));
    put(all);
    expect_refused();
  }
}

TEST_F(ledger_rules, find_swapped_and_repeated_entries) {
  write(3);
  auto all = pieces();
  auto swapped = all;
  std::swap(swapped[1], swapped[2]);
  put(swapped);
  expect_refused();
  auto repeated = all;
  repeated.push_back(all[2]);
  put(repeated);
  expect_refused();
}

TEST_F(ledger_rules, find_an_end_that_was_cut_off) {
  auto mark = write(3);
  auto all = pieces();
  all.pop_back();
  put(all);
  expect_refused(mark);
  EXPECT_TRUE(open()) << "which the chain alone cannot tell";
}

TEST_F(ledger_rules, find_an_end_that_was_cut_off_and_written_anew) {
  auto mark = write(3);
  auto all = pieces();
  all.pop_back();
  put(all);
  write(1);
  expect_refused(mark);
}

TEST_F(ledger_rules, may_be_ahead_of_what_the_database_knows) {
  auto mark = write(2);
  write(1);
  EXPECT_TRUE(open(mark)) << "a crash between the proof and its commit";
}

TEST_F(ledger_rules, cut_a_torn_last_entry_off_and_go_on) {
  auto mark = write(2);
  auto whole = fakes::read_whole(file_);
  auto next = pieces()[1];
  for (std::size_t size = 1; size < next.size() - 1; size += 11) {
    fakes::write_whole(file_, whole + next.substr(0, size));
    auto book = open(mark);
    ASSERT_TRUE(book) << size << ": " << book.error().text;
    EXPECT_EQ(fakes::read_whole(file_), whole);
    ASSERT_TRUE(book->append({{"scope", "person"}}));
    EXPECT_TRUE(open(mark));
    fakes::write_whole(file_, whole);
  }
}

TEST_F(ledger_rules, refuse_entries_of_another_key_file) {
  write(2);
  fakes::seeded_random other{77};
  auto root = crypto::root_key::create(folder_.path() / "other", other);
  ASSERT_TRUE(root);
  auto book = ledger::open(file_, *root);
  ASSERT_FALSE(book);
  EXPECT_EQ(book.error().code, errc::conflict);
}

TEST_F(ledger_rules, name_the_file_they_cannot_open) {
  fakes::write_whole(folder_.path() / "proofs", "a file, no folder");
  auto book = open();
  ASSERT_FALSE(book);
  EXPECT_EQ(book.error().code, errc::io_failed);
  EXPECT_NE(book.error().text.find(file_.string()), std::string::npos);
}

TEST_F(ledger_rules, leave_no_half_entry_on_a_full_disk) {
  auto mark = write(2);
  auto size = std::filesystem::file_size(file_);
  auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto book = open(mark);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size + 100;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto refused = book->append({{"scope", "person"}});
    bool full = !refused && refused.error().code == errc::storage_full
                && std::filesystem::file_size(file_) == size;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    bool on = static_cast<bool>(book->append({{"scope", "person"}}));
    ::_exit(full && on && open(mark) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(is_signed, refuses_whatever_was_changed) {
  fakes::temporary_folder folder;
  fakes::seeded_random random{9};
  auto root = crypto::root_key::create(folder.path() / "keys", random);
  auto book = ledger::open(folder.path() / "ledger", *root);
  auto r = *book->append({{"scope", "tenant"}, {"conversations", "12"}});
  EXPECT_TRUE(is_signed(r));
  auto changed = r;
  changed.fields[2].second = "13";
  EXPECT_FALSE(is_signed(changed));
  changed = r;
  changed.previous[0] = 'f';
  EXPECT_FALSE(is_signed(changed));
  changed = r;
  changed.signer = std::string(64, '0');
  EXPECT_FALSE(is_signed(changed));
  changed = r;
  changed.signature = "nonsense";
  EXPECT_FALSE(is_signed(changed));
}

TEST(rfc3339, is_utc_with_seconds) {
  EXPECT_EQ(rfc3339(timestamp{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(fakes::some_morning), "2027-01-15T08:00:00Z");
  EXPECT_EQ(rfc3339(from_unix_ms(951'827'696'789)), "2000-02-29T12:34:56Z");
}

} // namespace
} // namespace assistly::storage
