/// What a run is made of, beside its seed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assistly::simulation {

/// Places at which the process may die. Those that are named after a commit are
/// met at any write of it: before anything of it is on disk, in the middle, and
/// when all is there but nobody was told.
enum class crash_point : std::uint8_t {
  accept_commit,
  accepted_unheard, ///< Committed, and the 200 does not leave.
  take_in_commit,
  decide_commit,
  before_claim, ///< It is in the outbox, and nobody has asked for it yet.
  claim_commit,
  claimed_unsent, ///< Between the claim and the POST.
  mid_post,       ///< The POST is on its way to Meta.
  meta_accepted,  ///< Meta has it, and its answer is on its way.
  settle_commit,
  settled_unheard,
  member_commit,
  doubt_commit,
  erase_commit,
  recovery_commit,
};

inline constexpr std::array all_crash_points{
  crash_point::accept_commit,   crash_point::accepted_unheard,
  crash_point::take_in_commit,  crash_point::decide_commit,
  crash_point::before_claim,    crash_point::claim_commit,
  crash_point::claimed_unsent,  crash_point::mid_post,
  crash_point::meta_accepted,   crash_point::settle_commit,
  crash_point::settled_unheard, crash_point::member_commit,
  crash_point::doubt_commit,    crash_point::erase_commit,
  crash_point::recovery_commit,
};

std::string_view to_string(crash_point point) noexcept;

/// A defence switched off, for the negative controls: each must be found.
enum class defect : std::uint8_t {
  none,
  acknowledge_before_commit,
  no_dedupe,
  sending_queued_at_start,
  post_before_claim_commit,
  epoch_not_asked,
  turns_not_erased,
  keys_not_destroyed,
  doubts_not_shown,
  nothing_expires,
};

inline constexpr std::array all_defects{
  defect::acknowledge_before_commit, defect::no_dedupe,
  defect::sending_queued_at_start,   defect::post_before_claim_commit,
  defect::epoch_not_asked,           defect::turns_not_erased,
  defect::keys_not_destroyed,        defect::doubts_not_shown,
  defect::nothing_expires,
};

std::string_view to_string(defect what) noexcept;

struct plan {
  std::uint64_t seed = 1;
  /// Customers on each channel, and what each of them does.
  int customers = 1;
  int acts = 5;
  /// One in so many visits to a crash point is the process's last; 0 = never.
  std::uint64_t crash_one_in = 110;
  /// Crash here alone, and more often.
  std::optional<crash_point> only;
  defect off = defect::none;
  /// False: the AI is silent, and only what comes in is looked at.
  bool answers = true;
  /// Each step goes to the standard output.
  bool aloud = false;
};

} // namespace assistly::simulation
