#include "storage/room.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

outcome<void> accept_one(storage_node& node, int i) {
  auto event = message(std::string(2'000, 'x'), "m_" + std::to_string(i));
  event.at = node.clock.now();
  event.has_time = true;
  auto entry =
    make_entry(*node.directory->tenant("acme"),
               *node.directory->find(channel_kind::messenger, "acme-page"),
               std::move(event), node.clock.now(), node.random);
  return node.writer->run([&](work& w) { accept(w, std::span{&*entry, 1}); });
}

TEST(a_full_database, refuses_and_goes_on_when_there_is_room_again) {
  storage_node node;
  auto pages = node.number("PRAGMA page_count");
  node.execute("PRAGMA max_page_count = " + std::to_string(pages + 20));
  int kept = 0;
  outcome<void> r;
  while ((r = accept_one(node, kept)) && kept < 10'000)
    ++kept;
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::storage_full);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), kept)
    << "everything told, and nothing else, is there";
  EXPECT_FALSE(accept_one(node, 20'000)) << "still full";
  node.execute("PRAGMA max_page_count = 1000000");
  EXPECT_TRUE(accept_one(node, 20'001));
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), kept + 1);
  EXPECT_EQ(node.broken(), "");
}

TEST(a_full_database, is_in_trouble_until_something_was_written) {
  storage_node node;
  EXPECT_EQ(node.writer->trouble(), errc::none);
  auto pages = node.number("PRAGMA page_count");
  node.execute("PRAGMA max_page_count = " + std::to_string(pages + 20));
  for (int i = 0; i < 10'000 && accept_one(node, i); ++i)
    continue;
  EXPECT_EQ(node.writer->trouble(), errc::storage_full);
  node.write([](work&) {});
  EXPECT_EQ(node.writer->trouble(), errc::storage_full)
    << "nothing was written, so nothing is proved";
  EXPECT_FALSE(node.writer->run(prove_room));
  EXPECT_EQ(node.writer->trouble(), errc::storage_full);
  node.execute("PRAGMA max_page_count = 1000000");
  EXPECT_EQ(node.writer->trouble(), errc::storage_full);
  EXPECT_TRUE(node.writer->run(prove_room));
  EXPECT_EQ(node.writer->trouble(), errc::none);
}

TEST(a_full_database, is_out_of_trouble_with_the_first_webhook_kept) {
  storage_node node;
  auto pages = node.number("PRAGMA page_count");
  node.execute("PRAGMA max_page_count = " + std::to_string(pages + 20));
  for (int i = 0; i < 10'000 && accept_one(node, i); ++i)
    continue;
  node.execute("PRAGMA max_page_count = 1000000");
  EXPECT_TRUE(accept_one(node, 20'000));
  EXPECT_EQ(node.writer->trouble(), errc::none);
}

TEST(a_database, is_in_no_trouble_when_a_unit_refuses_by_its_own_rules) {
  storage_node node;
  EXPECT_FALSE(node.writer->run([](work&) {
    throw sql::failure{errc::conflict, "it is already so"};
  }));
  EXPECT_EQ(node.writer->trouble(), errc::none);
}

TEST(asking_for_room, leaves_nothing_behind) {
  storage_node node;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(node.writer->run(prove_room));
  EXPECT_EQ(node.number("SELECT count(*) FROM quarantine"), 0);
  auto pages = node.number("PRAGMA page_count");
  EXPECT_TRUE(node.writer->run(prove_room));
  EXPECT_EQ(node.number("PRAGMA page_count"), pages)
    << "each takes the room that the one before gave back";
  EXPECT_EQ(node.broken(), "");
}

TEST(a_full_database, refuses_a_batch_only_as_far_as_it_must) {
  storage_node node;
  auto pages = node.number("PRAGMA page_count");
  node.execute("PRAGMA max_page_count = " + std::to_string(pages + 20));
  std::vector<journal_entry> entries;
  for (int i = 0; i < 100; ++i) {
    auto event = message(std::string(2'000, 'x'), "m_" + std::to_string(i));
    entries.push_back(
      *make_entry(*node.directory->tenant("acme"),
                  *node.directory->find(channel_kind::messenger, "acme-page"),
                  event, node.clock.now() + milliseconds{i}, node.random));
  }
  // One batch of a hundred: together they do not fit, the first ones do.
  std::atomic<int> good{0};
  std::atomic<int> full{0};
  node.write([&](work&) {
    for (auto& e : entries)
      node.writer->submit(
        [&e](work& w) {
          accept(w, std::span{&e, 1});
        },
        [&](const outcome<void>& r) {
          if (r)
            ++good;
          else if (r.error().code == errc::storage_full)
            ++full;
        });
  });
  node.writer->stop();
  EXPECT_EQ(good + full, 100);
  EXPECT_GT(good, 5);
  EXPECT_GT(full, 5);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), good);
}

/// Exit codes of the child below tell which step went wrong.
int fill_the_disk() {
  std::signal(SIGXFSZ, SIG_IGN);
  storage_node node;
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur =
    std::filesystem::file_size(node.data_file().string() + "-wal") + 200'000;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  int kept = 0;
  outcome<void> r;
  while ((r = accept_one(node, kept)) && kept < 10'000)
    ++kept;
  if (r || r.error().code != errc::storage_full)
    return 1;
  if (node.number("SELECT count(*) FROM journal") != kept)
    return 2;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  if (!accept_one(node, 20'001))
    return 3;
  if (!node.broken().empty())
    return 4;
  node.reopen();
  if (node.number("SELECT count(*) FROM journal") != kept + 1)
    return 5;
  return 0;
}

TEST(a_full_disk, refuses_and_goes_on_when_there_is_room_again) {
  // In a process of its own, for the limit is a process's.
  auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int code = 9;
    try {
      code = fill_the_disk();
    } catch (const std::exception&) {
      code = 8;
    }
    ::_exit(code);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace
} // namespace assistly::storage
