#include "actors/unused_claim.hpp"

#include "storage/transactions/reply.hpp"

#include <utility>

namespace assistly::actors {

void give_claim_back(node_services& services, tenant_id tenant, turn_id id,
                     std::function<void()> written) {
  services.writer->submit_for(
    tenant,
    [tenant, id](storage::work& w) {
      storage::put_back(w, tenant, id);
      return true;
    },
    [&services, tenant, id,
     written = std::move(written)](const outcome<bool>& result) {
      if (result) {
        if (written)
          written();
        return;
      }
      auto now = services.clock->now();
      services.repeated.log(now, telemetry::level::warning,
                            "claim_not_given_back", result.error());
      services.wakes->arm(now + retry_after, [&services, tenant, id, written] {
        give_claim_back(services, tenant, id, written);
      });
    });
}

} // namespace assistly::actors
