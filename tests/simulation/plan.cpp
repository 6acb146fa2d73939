#include "tests/simulation/plan.hpp"

namespace assistly::simulation {

std::string_view to_string(crash_point point) noexcept {
  switch (point) {
  case crash_point::accept_commit:
    return "accept_commit";
  case crash_point::accepted_unheard:
    return "accepted_unheard";
  case crash_point::take_in_commit:
    return "take_in_commit";
  case crash_point::decide_commit:
    return "decide_commit";
  case crash_point::before_claim:
    return "before_claim";
  case crash_point::claim_commit:
    return "claim_commit";
  case crash_point::claimed_unsent:
    return "claimed_unsent";
  case crash_point::mid_post:
    return "mid_post";
  case crash_point::meta_accepted:
    return "meta_accepted";
  case crash_point::settle_commit:
    return "settle_commit";
  case crash_point::settled_unheard:
    return "settled_unheard";
  case crash_point::member_commit:
    return "member_commit";
  case crash_point::doubt_commit:
    return "doubt_commit";
  case crash_point::erase_commit:
    return "erase_commit";
  case crash_point::recovery_commit:
    return "recovery_commit";
  }
  return "unknown";
}

std::string_view to_string(defect what) noexcept {
  switch (what) {
  case defect::none:
    return "none";
  case defect::acknowledge_before_commit:
    return "acknowledge_before_commit";
  case defect::no_dedupe:
    return "no_dedupe";
  case defect::sending_queued_at_start:
    return "sending_queued_at_start";
  case defect::post_before_claim_commit:
    return "post_before_claim_commit";
  case defect::epoch_not_asked:
    return "epoch_not_asked";
  case defect::turns_not_erased:
    return "turns_not_erased";
  case defect::keys_not_destroyed:
    return "keys_not_destroyed";
  case defect::doubts_not_shown:
    return "doubts_not_shown";
  case defect::nothing_expires:
    return "nothing_expires";
  }
  return "unknown";
}

} // namespace assistly::simulation
