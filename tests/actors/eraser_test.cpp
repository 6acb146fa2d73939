#include "actors/eraser.hpp"
#include "tests/storage/storage_node.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace assistly::actors {
namespace {

using fakes::message;
using storage::erase_scope;

/// One eraser over a real storage. Time is virtual; other threads are waited
/// for.
class erasers : public testing::Test {
protected:
  erasers() {
    services_.writer = node_.writer.get();
    services_.reader = node_.reader.get();
    services_.ledger = &*node_.book;
    services_.clock = &node_.clock;
    services_.random = &node_.random;
    services_.metrics = &metrics_;
    services_.wakes = &wakes_;
    config_.add_message_types<caf::id_block::assistly>();
    system_.emplace(config_);
    erasure_listener nobody;
    nobody.changed = [](tenant_id, const lookup_hash&) {};
    nobody.tenant_gone = [] {};
    eraser_ = spawn_eraser(*system_, services_, nobody);
  }

  ~erasers() override {
    caf::anon_send_exit(eraser_, caf::exit_reason::user_shutdown);
    eraser_ = eraser_actor();
    system_.reset();
  }

  using answer = outcome<storage::receipt>;

  void order(const storage::erase_request& r) {
    caf::anon_send(eraser_, erase_order{r, nullptr});
  }

  std::future<answer> order_and_wait(const storage::erase_request& r) {
    auto promise = std::make_shared<std::promise<answer>>();
    auto result = promise->get_future();
    caf::anon_send(
      eraser_,
      erase_order{r, std::make_shared<std::function<void(answer)>>(
                       [promise](answer a) { promise->set_value(a); })});
    return result;
  }

  storage::erase_request recorded(erase_scope scope, uuid subject) {
    auto r = node_.request(scope, subject);
    node_.write([&](storage::work& w) { storage::request_erasure(w, r); });
    return r;
  }

  /// Lets the wake-ups that are due happen until `holds`; false if it does not
  /// come to that.
  template <class Condition>
  bool until(Condition holds) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end)
        return false;
      wakes_.run_due();
      std::this_thread::yield();
    }
    return true;
  }

  std::int64_t rows(const std::string& table) {
    return node_.number("SELECT count(*) FROM " + table);
  }

  std::uintmax_t log_size() {
    return std::filesystem::file_size(node_.data_file().string() + "-wal");
  }

  fakes::storage_node node_;
  telemetry::registry registry_;
  telemetry::assistly_metrics metrics_{registry_};
  wake_queue wakes_{node_.clock};
  node_services services_;
  caf::actor_system_config config_;
  std::optional<caf::actor_system> system_;
  eraser_actor eraser_;
};

TEST_F(erasers, try_again_what_could_not_be_written) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.execute("CREATE TRIGGER broken BEFORE DELETE ON conversation "
                "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  auto told = order_and_wait(recorded(erase_scope::conversation, c.id.value));
  ASSERT_FALSE(told.get()) << "who waits hears of it at once";
  EXPECT_EQ(rows("conversation"), 1);
  node_.execute("DROP TRIGGER broken");
  node_.clock.advance(seconds{1});
  EXPECT_TRUE(until([&] { return rows("erasure") == 0; }));
  EXPECT_EQ(rows("conversation"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(erasers, wait_longer_with_each_failure_and_never_over_five_minutes) {
  auto c = *node_.hear(message("Hello", "m_1")).now;
  node_.execute("CREATE TRIGGER broken BEFORE DELETE ON conversation "
                "BEGIN SELECT RAISE(ABORT, 'broken'); END");
  order(recorded(erase_scope::conversation, c.id.value));
  std::vector<milliseconds> waits;
  for (int i = 0; i < 11; ++i) {
    auto now = node_.clock.now();
    ASSERT_TRUE(until([&] { return wakes_.next() > now; }));
    waits.push_back(*wakes_.next() - now);
    node_.clock.advance(waits.back());
  }
  EXPECT_EQ(waits.front(), seconds{1});
  EXPECT_EQ(waits.at(1), seconds{2});
  EXPECT_EQ(waits.back(), minutes{5});
}

TEST_F(erasers, do_not_take_two_tenants_for_one) {
  node_.apply(fakes::plan_of("other"));
  auto first = recorded(erase_scope::tenant, {});
  auto second = first;
  second.id = make_uuid(node_.clock.now(), node_.random);
  second.tenant = node_.directory->tenant("other")->id;
  node_.write([&](storage::work& w) { storage::request_erasure(w, second); });
  order(first);
  order(second);
  EXPECT_TRUE(until([&] { return rows("tenant") == 0; }));
  EXPECT_EQ(rows("erasure"), 0);
}

TEST_F(erasers, let_others_pass_while_a_send_is_waited_for) {
  auto busy = *node_.hear(message("Hello", "m_1")).now;
  node_.answer(busy, "Hi!", true);
  auto idle = *node_.hear(message("Hello", "m_2", "customer-2")).now;
  order(recorded(erase_scope::conversation, busy.id.value));
  auto told =
    order_and_wait(recorded(erase_scope::conversation, idle.id.value));
  ASSERT_EQ(told.wait_for(std::chrono::seconds{10}), std::future_status::ready);
  EXPECT_TRUE(told.get());
  EXPECT_EQ(rows("conversation"), 1);
  node_.clock.advance(seconds{30});
  EXPECT_TRUE(until([&] { return rows("conversation") == 0; }));
}

TEST_F(erasers, drop_what_is_no_longer_due) {
  node_.policy.retention.conversation = hours{1};
  auto c = *node_.hear(message("Hello", "m_1")).now;
  auto r = node_.request(erase_scope::conversation, c.id.value);
  r.reason = storage::erase_reason::retention;
  order(r);
  auto other = node_.request(erase_scope::conversation,
                             make_uuid(node_.clock.now(), node_.random));
  EXPECT_FALSE(order_and_wait(other).get()) << "the queue goes on behind it";
  EXPECT_EQ(rows("conversation"), 1);
  node_.clock.set(c.erase_at);
  order(r);
  EXPECT_TRUE(until([&] { return rows("conversation") == 0; }))
    << "and it may be ordered again";
}

TEST_F(erasers, empty_the_log_when_they_start) {
  EXPECT_TRUE(until([&] { return log_size() == 0; }))
    << "a crash may have come between an erasure and that";
}

TEST_F(erasers, empty_the_log_later_if_a_reader_holds_it) {
  ASSERT_TRUE(until([&] { return log_size() == 0; }));
  auto c = *node_.hear(message("Hello", "m_1")).now;
  std::promise<void> reading;
  std::promise<void> enough;
  std::thread long_reader{[&] {
    (void)node_.reader->run([&](storage::session& s) {
      EXPECT_EQ(storage::pending_erasures(*s.db).size(), 0u);
      reading.set_value();
      enough.get_future().wait();
    });
  }};
  reading.get_future().wait();
  auto told = order_and_wait(recorded(erase_scope::conversation, c.id.value));
  EXPECT_TRUE(told.get());
  auto now = node_.clock.now();
  EXPECT_TRUE(until([&] { return wakes_.next().has_value(); }));
  EXPECT_EQ(wakes_.next(), now + seconds{30});
  EXPECT_GT(log_size(), 0u);
  enough.set_value();
  long_reader.join();
  node_.clock.advance(seconds{30});
  EXPECT_TRUE(until([&] { return log_size() == 0; }));
}

} // namespace
} // namespace assistly::actors
