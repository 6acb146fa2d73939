#include "actors/failed_try.hpp"

#include "telemetry/log.hpp"

#include <utility>

namespace assistly::actors {

bool is_events_fault(errc code) noexcept {
  return code != errc::storage_full && code != errc::busy;
}

void tell_dead_letter(node_services& services, dead_reason reason,
                      std::int32_t tries) {
  services.metrics->dead_letters_total.at(reason).add();
  telemetry::log(
    telemetry::level::error, "dead_letter",
    {{"reason", to_string(reason)}, {"tries", std::int64_t{tries}}});
}

void count_failed_try(node_services& services,
                      const storage::journal_entry& event,
                      std::function<void(bool)> then) {
  services.writer->submit_for(
    event.tenant,
    [tenant = event.tenant, id = event.id,
     most = services.limits.most_event_tries](storage::work& w) {
      return storage::fail_try(w, tenant, id, most);
    },
    [&services,
     then = std::move(then)](const outcome<storage::failed_try>& result) {
      if (result && result->dead)
        tell_dead_letter(services, dead_reason::failed, result->tries);
      if (result && result->next)
        services.look_at_journal(*result->next);
      then(static_cast<bool>(result));
    });
}

} // namespace assistly::actors
