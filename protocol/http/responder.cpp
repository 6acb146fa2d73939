#include "protocol/http/responder.hpp"

#include <algorithm>
#include <exception>

namespace assistly::http {

namespace {

class function_sink final : public response_sink {
public:
  explicit function_sink(std::function<void(response)> done)
    : done_(std::move(done)) {}

  void answer(std::uint64_t, response what) override {
    done_(std::move(what));
  }

private:
  std::function<void(response)> done_;
};

} // namespace

void response_sink::abandon(std::uint64_t ticket) {
  answer(ticket, response::unavailable());
}

responder::responder(std::function<void(response)> done)
  : sink_(std::make_shared<function_sink>(std::move(done))) {}

responder& responder::operator=(responder&& other) noexcept {
  if (this != &other) {
    abandon();
    sink_ = std::move(other.sink_);
    ticket_ = other.ticket_;
  }
  return *this;
}

responder::~responder() {
  abandon();
}

void responder::abandon() noexcept {
  if (const auto sink = std::move(sink_))
    sink->abandon(ticket_);
}

void responder::send(response what) && {
  if (const auto sink = std::move(sink_))
    sink->answer(ticket_, std::move(what));
}

void send_all(std::vector<std::pair<responder, response>> answers) {
  // There are as many loops as cores, so a linear search beats a map.
  std::vector<std::pair<delivery_loop*, std::vector<delivery>>> groups;
  for (auto& [to, what] : answers) {
    auto sink = std::move(to.sink_);
    if (!sink)
      continue;
    auto* const loop = sink->loop();
    if (!loop) {
      sink->answer(to.ticket_, std::move(what));
      continue;
    }
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& g) { return g.first == loop; });
    if (group == groups.end()) {
      groups.emplace_back(loop, std::vector<delivery>{});
      group = std::prev(groups.end());
      group->second.reserve(answers.size());
    }
    group->second.push_back({std::move(sink), to.ticket_, std::move(what)});
  }
  for (auto& [loop, batch] : groups)
    loop->deliver(std::move(batch));
}

} // namespace assistly::http
