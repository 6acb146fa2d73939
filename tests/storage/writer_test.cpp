#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"
#include "storage/writer.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace assistly::storage {
namespace {

using fakes::storage_node;

constexpr sql::query add{"INSERT INTO node(name, value) VALUES($1, $2)"};

void put(work& w, const std::string& name, const std::string& value = "x") {
  sql::run_node(w.db, add, std::string_view{name}, std::string_view{value});
}

/// Holds the writer inside a unit, so that what is queued meanwhile is one
/// batch.
class held_writer {
public:
  explicit held_writer(writer& w) : writer_(w) {
    std::promise<void> inside;
    writer_.submit(
      [&inside, this](work&) {
        inside.set_value();
        go_on_.get_future().wait();
      },
      {});
    inside.get_future().wait();
  }

  /// Queues a unit whose result is told later.
  std::future<outcome<void>> queue(std::function<void(work&)> apply) {
    auto told = std::make_shared<std::promise<outcome<void>>>();
    auto result = told->get_future();
    writer_.submit(std::move(apply),
                   [told](const outcome<void>& r) { told->set_value(r); });
    return result;
  }

  void let_go() {
    go_on_.set_value();
  }

private:
  writer& writer_;
  std::promise<void> go_on_;
};

bool there(storage_node& node, const std::string& name) {
  return node.number("SELECT count(*) FROM node WHERE name = '" + name + "'")
         == 1;
}

TEST(writer_rules, commits_what_is_queued_meanwhile_in_one) {
  storage_node node;
  held_writer held{*node.writer};
  auto before = node.writer->figures().commits.load();
  std::vector<std::future<outcome<void>>> told;
  for (int i = 0; i < 30; ++i)
    told.push_back(
      held.queue([i](work& w) { put(w, "n" + std::to_string(i)); }));
  EXPECT_EQ(node.writer->depth(), 30u);
  held.let_go();
  for (auto& t : told)
    EXPECT_TRUE(t.get());
  // The holding unit's own commit, and one for the thirty.
  EXPECT_EQ(node.writer->figures().commits.load() - before, 2u);
}

TEST(writer_rules, bounds_the_units_of_a_commit) {
  writer_options options;
  options.most_others = 10;
  storage_node node{options};
  held_writer held{*node.writer};
  auto before = node.writer->figures().commits.load();
  std::vector<std::future<outcome<void>>> told;
  for (int i = 0; i < 25; ++i)
    told.push_back(
      held.queue([i](work& w) { put(w, "n" + std::to_string(i)); }));
  held.let_go();
  for (auto& t : told)
    EXPECT_TRUE(t.get());
  EXPECT_EQ(node.writer->figures().commits.load() - before, 4u);
}

class noted_promise final : public unit {
public:
  noted_promise(std::vector<std::string>& told, std::promise<void>& done)
    : told_(&told), done_(&done) {}

  void apply(work& w) override {
    put(w, "promise");
  }

  bool promises() const noexcept override {
    return true;
  }

  void finished(const outcome<void>&) noexcept override {
    told_->push_back("promise");
    done_->set_value();
  }

private:
  std::vector<std::string>* told_;
  std::promise<void>* done_;
};

TEST(writer_rules, let_a_promise_pass_what_waited_longer) {
  writer_options options;
  options.most_others = 2;
  storage_node node{options};
  held_writer held{*node.writer};
  std::vector<std::string> told; // on the writer's thread alone
  std::promise<void> promised;
  std::promise<void> last;
  for (int i = 0; i < 6; ++i)
    node.writer->submit([i](work& w) { put(w, "n" + std::to_string(i)); },
                        [&, i](const outcome<void>&) {
                          told.push_back("n" + std::to_string(i));
                          if (i == 5)
                            last.set_value();
                        });
  node.writer->submit(std::make_unique<noted_promise>(told, promised));
  held.let_go();
  promised.get_future().get();
  last.get_future().get();
  EXPECT_EQ(told, (std::vector<std::string>{"promise", "n0", "n1", "n2", "n3",
                                            "n4", "n5"}));
}

TEST(writer_rules, tells_only_after_the_commit) {
  storage_node node;
  std::promise<bool> seen;
  node.writer->submit(
    [](work& w) { put(w, "told"); },
    [&](const outcome<void>& r) { seen.set_value(r && there(node, "told")); });
  EXPECT_TRUE(seen.get_future().get()) << "another connection must see it";
}

TEST(writer_rules, would_be_caught_acknowledging_before_the_commit) {
  writer_options options;
  options.acknowledge_before_commit = true;
  fakes::temporary_folder folder;
  fakes::seeded_random random{1};
  fakes::manual_clock clock{fakes::some_morning};
  auto db =
    database::open({folder.path() / "x.db", folder.path() / "keys"}, random);
  ASSERT_TRUE(db);
  writer w{**db, clock, random, options};
  std::promise<std::int64_t> seen;

  class promise_unit final : public unit {
  public:
    promise_unit(std::filesystem::path file, std::promise<std::int64_t>& seen)
      : file_(std::move(file)), seen_(&seen) {}

    void apply(work& work) override {
      put(work, "told");
    }

    bool promises() const noexcept override {
      return true;
    }

    void finished(const outcome<void>&) noexcept override {
      auto own = sql::open_sqlite(file_.string(), {true, 64});
      auto found = sql::ask_node(*own, sql::query{"SELECT count(*) FROM node "
                                                  "WHERE name = 'told'"});
      found.next();
      seen_->set_value(found.integer(0));
    }

  private:
    std::filesystem::path file_;
    std::promise<std::int64_t>* seen_;
  };

  w.submit(std::make_unique<promise_unit>(folder.path() / "x.db", seen));
  EXPECT_EQ(seen.get_future().get(), 0) << "the negative control lies";
}

TEST(writer_rules, lose_a_refused_unit_alone_and_whole) {
  storage_node node;
  held_writer held{*node.writer};
  auto a = held.queue([](work& w) { put(w, "a"); });
  auto b = held.queue([](work& w) {
    put(w, "b");
    throw sql::failure{errc::invalid, "no"};
  });
  auto c = held.queue([](work& w) { put(w, "c"); });
  held.let_go();
  EXPECT_TRUE(a.get());
  auto refused = b.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid);
  EXPECT_EQ(refused.error().text, "no");
  EXPECT_TRUE(c.get());
  EXPECT_TRUE(there(node, "a"));
  EXPECT_FALSE(there(node, "b"));
  EXPECT_TRUE(there(node, "c"));
}

TEST(writer_rules, survive_a_unit_with_a_bug) {
  storage_node node;
  held_writer held{*node.writer};
  auto a = held.queue([](work& w) {
    put(w, "a");
    throw std::length_error{"canary"};
  });
  auto b = held.queue([](work& w) { put(w, "b"); });
  held.let_go();
  auto refused = a.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::internal);
  EXPECT_EQ(refused.error().text.find("canary"), std::string::npos);
  EXPECT_TRUE(b.get());
  EXPECT_FALSE(there(node, "a"));
  EXPECT_TRUE(there(node, "b"));
}

TEST(writer_rules, run_everybody_again_alone_when_the_engine_breaks) {
  storage_node node;
  held_writer held{*node.writer};
  auto a = held.queue([](work& w) { put(w, "a"); });
  auto b = held.queue([](work& w) {
    put(w, "b");
    throw sql::failure{errc::storage_failed, "broken"};
  });
  auto c = held.queue([](work& w) { put(w, "c"); });
  held.let_go();
  EXPECT_TRUE(a.get());
  EXPECT_EQ(b.get().error().code, errc::storage_failed);
  EXPECT_TRUE(c.get());
  EXPECT_TRUE(there(node, "a"));
  EXPECT_FALSE(there(node, "b"));
  EXPECT_TRUE(there(node, "c"));
}

TEST(writer_rules, take_the_keys_of_a_refused_unit_back) {
  storage_node node;
  auto kept = node.hear(fakes::message("Hello", "m_1")).now->id;
  person_id made{make_uuid(node.clock.now(), node.random)};
  held_writer held{*node.writer};
  auto other = held.queue([](work& w) { put(w, "other"); });
  auto refused = held.queue([&](work& w) {
    w.keys.get_or_make(name_of(node.tenant, made), w.now);
    w.keys.destroy(name_of(node.tenant, kept));
    throw sql::failure{errc::conflict, "no"};
  });
  held.let_go();
  EXPECT_EQ(refused.get().error().code, errc::conflict);
  EXPECT_TRUE(other.get());
  EXPECT_TRUE(there(node, "other"));
  node.read([&](session& s) {
    EXPECT_FALSE(s.keys.exists(name_of(node.tenant, made)));
    EXPECT_TRUE(s.keys.exists(name_of(node.tenant, kept)));
    return 0;
  });
  EXPECT_EQ(node.turns(kept).at(0).text, "Hello");
}

TEST(writer_rules, have_one_moment_for_a_batch) {
  storage_node node;
  held_writer held{*node.writer};
  timestamp first{};
  timestamp second{};
  auto a = held.queue([&](work& w) {
    first = w.now;
    node.clock.advance(seconds{5});
  });
  auto b = held.queue([&](work& w) { second = w.now; });
  held.let_go();
  EXPECT_TRUE(a.get());
  EXPECT_TRUE(b.get());
  EXPECT_EQ(first, second);
}

TEST(writer_rules, refuse_work_after_the_end) {
  storage_node node;
  node.writer->stop();
  auto r = node.writer->run([](work&) { FAIL() << "it has ended"; });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::busy);
}

TEST(writer_rules, finish_what_is_queued_before_the_end) {
  storage_node node;
  held_writer held{*node.writer};
  std::vector<std::future<outcome<void>>> told;
  for (int i = 0; i < 20; ++i)
    told.push_back(
      held.queue([i](work& w) { put(w, "n" + std::to_string(i)); }));
  auto stopping = std::async(std::launch::async, [&] { node.writer->stop(); });
  held.let_go();
  stopping.get();
  for (auto& t : told)
    EXPECT_TRUE(t.get());
}

TEST(writer_rules, call_the_hook_when_all_of_a_batch_are_told) {
  fakes::temporary_folder folder;
  fakes::seeded_random random{1};
  fakes::manual_clock clock{fakes::some_morning};
  auto db =
    database::open({folder.path() / "x.db", folder.path() / "keys"}, random);
  ASSERT_TRUE(db);
  std::size_t observed = 0;
  writer_options options;
  options.observe = [&](std::chrono::nanoseconds, std::size_t units) {
    observed += units;
  };
  writer w{**db, clock, random, options};
  std::vector<std::string> order;
  w.after_batch([&] { order.push_back("hook"); });
  w.submit([](work&) {},
           [&](const outcome<void>&) { order.push_back("told"); });
  w.stop();
  EXPECT_EQ(order, (std::vector<std::string>{"told", "hook"}));
  EXPECT_EQ(observed, 1u);
}

TEST(writer_rules, run_a_function_and_hand_over_what_it_returned) {
  storage_node node;
  std::promise<outcome<int>> told;
  node.writer->submit_for([](work&) { return 7; },
                          [&](outcome<int> r) { told.set_value(r); });
  auto r = told.get_future().get();
  ASSERT_TRUE(r);
  EXPECT_EQ(*r, 7);
  std::promise<outcome<int>> refused;
  node.writer->submit_for(
    [](work&) -> int {
      throw sql::failure{errc::not_found, "no"};
    },
    [&](outcome<int> x) { refused.set_value(x); });
  EXPECT_EQ(refused.get_future().get().error().code, errc::not_found);
}

TEST(writer_rules, wait_for_their_caller_where_there_is_no_thread) {
  writer_options options;
  options.own_thread = false;
  storage_node node{options};
  std::vector<int> order;
  for (int i = 0; i < 3; ++i)
    node.writer->submit_for([i](work&) { return i; },
                            [&](outcome<int> r) { order.push_back(*r); });
  EXPECT_TRUE(order.empty());
  EXPECT_EQ(node.writer->depth(), 3u);
  auto commits = node.writer->figures().commits.load();
  EXPECT_TRUE(node.writer->run_queued());
  EXPECT_EQ(order, (std::vector{0, 1, 2}));
  EXPECT_EQ(node.writer->figures().commits.load(), commits + 1);
  EXPECT_FALSE(node.writer->run_queued());
}

} // namespace
} // namespace assistly::storage
