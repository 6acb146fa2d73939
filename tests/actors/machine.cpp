#include "tests/actors/machine.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace assistly::fakes {

void scripted_sender::send(actors::outgoing_message message, done when_done) {
  actors::send_answer answer;
  {
    std::lock_guard lock{mutex_};
    if (std::exchange(throwing_, false))
      throw std::runtime_error{"no way out"};
    sent_.push_back(std::move(message));
    if (holding_
        && (!held_channel_ || *held_channel_ == sent_.back().channel)) {
      held_.push_back(std::move(when_done));
      return;
    }
    answer = accepted();
  }
  when_done(std::move(answer));
}

void scripted_sender::look_up(
  actors::sought_message,
  std::function<void(actors::look_up_answer)> when_done) {
  when_done({});
}

actors::send_answer scripted_sender::accepted() {
  if (!script_.empty()) {
    auto answer = std::move(script_.front());
    script_.pop_front();
    return answer;
  }
  actors::send_answer answer;
  answer.report.what = send_class::sent;
  answer.report.external_id = "sent-" + std::to_string(++ids_);
  return answer;
}

void scripted_sender::next(actors::send_answer answer) {
  std::lock_guard lock{mutex_};
  script_.push_back(std::move(answer));
}

void scripted_sender::hold(std::optional<channel_kind> channel) {
  std::lock_guard lock{mutex_};
  held_channel_ = channel;
  holding_ = true;
}

void scripted_sender::let_go() {
  std::vector<std::pair<done, actors::send_answer>> all;
  {
    std::lock_guard lock{mutex_};
    holding_ = false;
    for (auto& one : held_)
      all.emplace_back(std::move(one), accepted());
    held_.clear();
  }
  for (auto& [when_done, answer] : all)
    when_done(std::move(answer));
}

void scripted_sender::lose_held() {
  std::lock_guard lock{mutex_};
  holding_ = false;
  held_.clear();
}

void scripted_sender::throw_next() {
  std::lock_guard lock{mutex_};
  throwing_ = true;
}

std::vector<actors::outgoing_message> scripted_sender::sent() const {
  std::lock_guard lock{mutex_};
  return sent_;
}

std::size_t scripted_sender::count() const {
  std::lock_guard lock{mutex_};
  return sent_.size();
}

machine::machine(actors::node_limits of, const make_outside& make)
  : limits(of) {
  if (make)
    outside_ = make(storage.clock);
  start();
}

machine::~machine() {
  stop();
}

void machine::start() {
  wakes_ = std::make_unique<actors::wake_queue>(storage.clock);
  builder_ = std::make_unique<actors::background>();
  sends_ = std::make_unique<actors::sends_under_way>();
  services_ = std::make_unique<actors::node_services>();
  auto& s = *services_;
  s.db = storage.database.get();
  s.writer = storage.writer.get();
  s.reader = storage.reader.get();
  s.ledger = &*storage.book;
  s.clock = &storage.clock;
  s.random = &storage.random;
  s.sender = outside_.sender ? outside_.sender.get() : &meta;
  s.accounts = outside_.accounts.get();
  s.sends = sends_.get();
  s.metrics = &metrics;
  s.wakes = wakes_.get();
  s.builder = builder_.get();
  s.limits = limits;
  s.faults = faults_;
  s.pressure = &pressure;
  auto started = actors::node::start(s);
  if (!started)
    throw std::runtime_error{started.error().text};
  node = std::move(*started);
}

/// In the order of a real stop: whoever could call an actor goes first.
void machine::stop() {
  wakes_->stop();
  builder_->stop();
  storage.writer->stop();
  storage.reader->stop();
  node.reset();
}

void machine::restart(const std::function<void()>& between) {
  stop();
  storage.reopen(between);
  start();
}

void machine::restart_with(const std::function<void()>& left) {
  stop();
  storage.reopen();
  left();
  start();
}

void machine::set_faults(actors::event_faults faults) {
  faults_ = std::move(faults);
  services_->faults = faults_;
}

bool machine::finish_sends(milliseconds longest) {
  sends_->forbid();
  return sends_->wait_for_none(longest);
}

storage::journal_entry machine::deliver(inbound_event event) {
  auto entry = storage.offer(std::move(event));
  node->events_committed({entry});
  return entry;
}

/// Waits behind whatever storage has to do.
void machine::let_others_work() {
  storage.must(storage.writer->run([](storage::work&) {}));
  storage.must(storage.reader->run([](storage::session&) {}));
  std::this_thread::yield();
}

void machine::wake() {
  woken += wakes_->run_due();
}

bool machine::until(const std::function<bool()>& condition) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < deadline) {
    wake();
    if (condition())
      return true;
    storage.clock.advance(milliseconds{1});
    let_others_work();
  }
  return false;
}

void machine::pass(milliseconds time) {
  auto end = storage.clock.now() + time;
  while (storage.clock.now() < end) {
    storage.clock.advance(
      std::min<milliseconds>(seconds{1}, end - storage.clock.now()));
    wake();
    let_others_work();
  }
}

void machine::act(conversation_id id, storage::member_act what,
                  std::string text) {
  auto done = storage.write([&](storage::work& w) {
    return *storage::act_as_member(w, storage.tenant, id, what, text,
                                   storage.policy);
  });
  node->conversation_changed(storage.tenant, done.now->hash, done.sends);
}

std::optional<conversation> machine::find(conversation_id id) {
  return storage.read([&](storage::session& s) {
    return storage::find_conversation(*s.db, s.keys, storage.tenant, id);
  });
}

std::optional<conversation> machine::first() {
  return storage.read([&](storage::session& s) -> std::optional<conversation> {
    auto ids = storage::conversation_ids(*s.db, storage.tenant, {}, 1);
    if (ids.empty())
      return std::nullopt;
    return storage::find_conversation(*s.db, s.keys, storage.tenant,
                                      ids.front());
  });
}

std::optional<conversation> machine::of(const std::string& who) {
  return storage.read([&](storage::session& s) -> std::optional<conversation> {
    for (auto id : storage::conversation_ids(*s.db, storage.tenant, {}, 100)) {
      auto c = storage::find_conversation(*s.db, s.keys, storage.tenant, id);
      if (c && c->to.aliases.front().external_id == who)
        return c;
    }
    return std::nullopt;
  });
}

} // namespace assistly::fakes
