/// The engine's write-ahead log: capped under load, emptied after an erasure.
#include "storage/sql/run.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace assistly::storage {
namespace {

using fakes::storage_node;

std::uintmax_t size_of(const std::string& file) {
  std::error_code ec;
  auto size = std::filesystem::file_size(file, ec);
  return ec ? 0 : size;
}

constexpr sql::query add{"INSERT INTO node(name, value) VALUES($1, $2)"};

constexpr sql::query count_turns{"SELECT count(*) FROM turn"};

/// About 40 kB a unit.
void write_much(storage_node& node, int i) {
  node.write([&](work& w) {
    auto name = "n" + std::to_string(i);
    sql::run_node(w.db, add, std::string_view{name},
                  std::string_view{std::string(40'000, 'x')});
  });
}

TEST(the_log, stays_capped_while_much_is_written) {
  writer_options options;
  options.log.pages = 500;
  storage_node node{options};
  auto log = node.data_file().string() + "-wal";
  int written = 0;
  while (node.writer->figures().checkpoints.load() < 4 && written < 20'000)
    write_much(node, written++);
  ASSERT_GE(node.writer->figures().checkpoints.load(), 4u)
    << "the writer never made room";
  // Written again from the start, instead of growing with all that was written.
  EXPECT_LT(size_of(log),
            static_cast<std::uintmax_t>(written) * 40'000 * 3 / 4);
}

TEST(the_log, grows_without_end_when_nobody_makes_room) {
  // The control: without a cap the file holds everything.
  writer_options options;
  options.log.pages = 1'000'000'000;
  storage_node node{options};
  auto log = node.data_file().string() + "-wal";
  auto before = size_of(log);
  for (int i = 0; i < 50; ++i)
    write_much(node, i);
  EXPECT_EQ(node.writer->figures().checkpoints.load(), 0u);
  EXPECT_GT(size_of(log), before);
}

TEST(the_log, is_cut_to_nothing_on_demand) {
  storage_node node;
  for (int i = 0; i < 20; ++i)
    node.hear(fakes::message("Hello", "m_" + std::to_string(i)));
  auto data = node.data_file().string();
  ASSERT_GT(size_of(data + "-wal"), 0u);
  ASSERT_GT(size_of(data + ".keys-wal"), 0u);
  node.empty_log();
  EXPECT_EQ(size_of(data + "-wal"), 0u);
  EXPECT_EQ(size_of(data + ".keys-wal"), 0u);
  EXPECT_EQ(node.broken(), "");
}

TEST(the_log, is_cut_to_nothing_while_others_write) {
  storage_node node;
  // Many times, so that the checkpoint thread is in the way now and then.
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 5; ++i)
      write_much(node, round * 5 + i);
    node.empty_log();
    EXPECT_EQ(size_of(node.data_file().string() + "-wal"), 0u);
  }
}

TEST(the_log, is_not_waited_for_while_somebody_reads) {
  storage_node node;
  node.hear(fakes::message("Hello", "m_1"));
  std::promise<void> reading;
  std::promise<void> enough;
  std::thread long_reader{[&] {
    (void)node.reader->run([&](session& s) {
      EXPECT_TRUE(sql::ask_node(*s.db, count_turns).next());
      reading.set_value();
      enough.get_future().wait();
    });
  }};
  reading.get_future().wait();
  node.hear(fakes::message("Hello again", "m_2"));
  auto before = std::chrono::steady_clock::now();
  std::promise<outcome<void>> told;
  node.writer->empty_log([&](outcome<void> r) { told.set_value(r); });
  node.write([](work&) {});
  auto took = std::chrono::steady_clock::now() - before;
  auto result = told.get_future().get();
  EXPECT_EQ(result.error().code, errc::busy);
  EXPECT_LT(took, std::chrono::seconds{5}) << "webhooks wait for the writer";
  EXPECT_EQ(size_of(node.data_file().string() + ".keys-wal"), 0u)
    << "what opens erased words is gone all the same";
  enough.set_value();
  long_reader.join();
  node.empty_log();
  EXPECT_EQ(size_of(node.data_file().string() + "-wal"), 0u);
}

TEST(the_log, is_refused_emptying_after_the_end) {
  storage_node node;
  node.writer->stop();
  std::promise<outcome<void>> told;
  node.writer->empty_log([&](outcome<void> r) { told.set_value(r); });
  EXPECT_EQ(told.get_future().get().error().code, errc::busy);
}

} // namespace
} // namespace assistly::storage
