#include "storage/reader.hpp"

#include <future>

namespace assistly::storage {

namespace {

outcome<void> ask_one(session& s, const std::function<void(session&)>& ask) {
  try {
    s.db->begin_read();
    ask(s);
    return {};
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  } catch (const std::exception&) {
    // A bug of who asked; its text may hold anything, so it is not passed on.
    return fault{errc::internal, "a question to the database threw"};
  }
}

} // namespace

reader::reader(database& db, std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i)
    sessions_.push_back(std::make_unique<session>(db.open_session(true)));
  for (auto& s : sessions_)
    threads_.emplace_back([this, &s] { loop(*s); });
}

reader::~reader() {
  stop();
}

void reader::stop() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable())
      thread.join();
}

void reader::submit(std::function<void(session&)> ask,
                    std::function<void(fault)> failed) {
  {
    std::lock_guard lock{mutex_};
    if (!stopping_) {
      queue_.push_back({std::move(ask), std::move(failed)});
      wake_.notify_one();
      return;
    }
  }
  failed({errc::busy, "the server is stopping"});
}

outcome<void> reader::run(std::function<void(session&)> ask) {
  std::promise<outcome<void>> promise;
  auto result = promise.get_future();
  submit(
    [&](session& s) {
      ask(s);
      promise.set_value({});
    },
    [&](fault why) { promise.set_value(std::move(why)); });
  return result.get();
}

void reader::loop(session& s) {
  while (true) {
    request mine;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty())
        return;
      mine = std::move(queue_.front());
      queue_.pop_front();
    }
    auto why = ask_one(s, mine.ask);
    // Nothing was written, so the snapshot only ends.
    s.db->roll_back();
    if (!why)
      mine.failed(why.error());
  }
}

} // namespace assistly::storage
