// Negative controls: a simulation that does not find a defence that is switched
// off would prove nothing by finding none broken.
#include "tests/simulation/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

namespace assistly::simulation {
namespace {

constexpr std::uint64_t most_seeds = 200;

bool names(const verdict& v, const std::string& what) {
  return std::any_of(v.broken.begin(), v.broken.end(), [&](const auto& text) {
    return text.find(what) != std::string::npos;
  });
}

/// It is found, and the seed that found it is whole with the defence on.
void must_be_found(defect what, const std::string& as) {
  seed_bed bed;
  plan order;
  order.off = what;
  while (order.seed <= most_seeds && !names(run(bed, order), as))
    ++order.seed;
  ASSERT_LE(order.seed, most_seeds) << to_string(what) << " was not found";
  std::printf("control: %s found by seed %llu\n",
              std::string{to_string(what)}.c_str(),
              static_cast<unsigned long long>(order.seed));
  order.off = defect::none;
  EXPECT_TRUE(run(bed, order).broken.empty());
}

TEST(control, finds_an_acknowledgement_before_the_commit) {
  must_be_found(defect::acknowledge_before_commit, "acknowledged and lost");
}

TEST(control, finds_that_nothing_is_known_again) {
  must_be_found(defect::no_dedupe, " effects");
}

TEST(control, finds_that_a_start_sends_again_what_was_on_its_way) {
  must_be_found(defect::sending_queued_at_start, "Meta has had it already");
}

TEST(control, finds_a_post_before_its_claim_is_committed) {
  must_be_found(defect::post_before_claim_commit, "Meta has had it already");
}

TEST(control, finds_an_answer_over_a_person_who_took_over) {
  must_be_found(defect::epoch_not_asked, "talks over a person");
}

TEST(control, finds_turns_that_an_erasure_left) {
  must_be_found(defect::turns_not_erased, "every turn has its conversation");
}

TEST(control, finds_keys_that_an_erasure_left) {
  must_be_found(defect::keys_not_destroyed, "is left");
}

TEST(control, finds_doubts_that_nobody_is_told_of) {
  must_be_found(defect::doubts_not_shown, "nobody was told");
}

TEST(control, finds_conversations_that_outlive_their_end) {
  must_be_found(defect::nothing_expires, "kept past its end");
}

} // namespace
} // namespace assistly::simulation
