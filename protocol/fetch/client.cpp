#include "protocol/fetch/client.hpp"

#include <future>

namespace assistly::fetch {

std::optional<std::string_view>
response::header(std::string_view name) const noexcept {
  for (auto& [known, value] : headers)
    if (known == name)
      return value;
  return std::nullopt;
}

void client::send_all(std::vector<std::pair<request, done>> wanted) {
  for (auto& each : wanted)
    send(std::move(each.first), std::move(each.second));
}

outcome<response> send_and_wait(client& by, request wanted) {
  // Shared, because a std::function must be copyable.
  auto answer = std::make_shared<std::promise<outcome<response>>>();
  auto ready = answer->get_future();
  by.send(std::move(wanted), [answer](outcome<response> result) {
    answer->set_value(std::move(result));
  });
  return ready.get();
}

} // namespace assistly::fetch
