#include "actors/owed_replies.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace assistly::actors {

namespace {

using owed_list = std::vector<storage::owed_reply>;
using teller = std::function<void(const storage::owed_reply&)>;

constexpr std::size_t page = 500;
/// Longer than an answer takes to make.
constexpr milliseconds alone_for = milliseconds{100};

void count_and_tell(node_services& services,
                    const std::shared_ptr<const owed_list>& some,
                    const teller& tell) {
  services.writer->submit_for(
    [some](storage::work& w) {
      for (const auto& one : *some)
        storage::count_reply_try(w, one.tenant, one.conversation);
      return true;
    },
    [&services, some, tell](const outcome<bool>& counted) {
      if (counted) {
        for (const auto& one : *some)
          tell(one);
        return;
      }
      auto now = services.clock->now();
      services.repeated.log(now, telemetry::level::warning,
                            "reply_tries_not_counted", counted.error());
      services.wakes->arm(now + retry_after, [&services, some, tell] {
        count_and_tell(services, some, tell);
      });
    });
}

} // namespace

void hand_out_replies(node_services& services, const owed_list& owed,
                      bool starting, teller tell) {
  auto now = services.clock->now();
  owed_list together;
  auto when = now;
  auto flush = [&] {
    if (!together.empty())
      count_and_tell(
        services,
        std::make_shared<const owed_list>(std::exchange(together, owed_list{})),
        tell);
  };
  for (const auto& one : owed) {
    if (!starting || one.due > now) {
      tell(one);
    } else if (one.attempts == 0) {
      together.push_back(one);
      if (together.size() == page)
        flush();
    } else {
      auto alone = std::make_shared<const owed_list>(owed_list{one});
      when += alone_for;
      services.wakes->arm(when, [&services, alone, tell] {
        count_and_tell(services, alone, tell);
      });
    }
  }
  flush();
}

} // namespace assistly::actors
