#include "model/look_up.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

const timestamp claimed = fakes::some_morning;
const std::string words = "At nine.";

outbox_row in_doubt_row() {
  outbox_row row;
  row.id = turn_id{uuid{}};
  row.kind = turn_kind::text;
  row.state = turn_state::unknown;
  row.attempts = 1;
  row.claimed_at = claimed;
  row.next_try_at = claimed + doubt_shown_after;
  return row;
}

shown_message said(std::string id, std::string text, milliseconds after,
                   shown_side from = shown_side::business) {
  return {std::move(id), std::move(text), {}, claimed + after, from, false};
}

shown_message known(shown_message m) {
  m.known = true;
  return m;
}

struct look_up_case {
  const char* what;
  shown_page page;
  look_up_verdict verdict;
  const char* id = "";
};

using enum look_up_verdict;
using enum shown_side;

TEST(judge_look_up, follows_the_whole_table) {
  const auto question = said("q", "When?", -minutes{2}, customer);
  const look_up_case cases[] = {
    {"it is there",
     {{said("m1", words, seconds{1}), question}, true},
     found,
     "m1"},
    {"blanks at the ends do not count",
     {{said("m1", " At nine.\n", seconds{1})}, true},
     found,
     "m1"},
    {"the clocks differ a little",
     {{said("m1", words, -seconds{4})}, true},
     found,
     "m1"},
    {"said twice: the first one",
     {{said("m2", words, seconds{20}), said("m1", words, seconds{1})}, true},
     found,
     "m1"},
    {"the same words of an earlier send",
     {{said("m0", words, -minutes{1}), question}, true},
     absent},
    {"the same words of another send of ours",
     {{known(said("m0", words, seconds{1})), question}, true},
     absent},
    {"all there is", {{question}, true}, absent},
    {"newest first, back to before the claim",
     {{said("q2", "Hello?", seconds{9}, customer), question}, false},
     absent},
    {"more than was read",
     {{said("q2", "Hello?", seconds{9}, customer)}, false},
     unclear},
    {"back to before the claim, in no order",
     {{question, said("q2", "Hello?", seconds{9}, customer),
       said("q0", "Hi", -minutes{3}, customer)},
      false},
     unclear},
    {"the business said something else that nobody knows",
     {{said("m1", "Sorry?", seconds{3}), question}, true},
     unclear},
    {"somebody said it",
     {{said("m1", words, seconds{1}, unsaid)}, true},
     unclear},
    {"the customer said the same",
     {{said("m1", words, seconds{1}, customer)}, true},
     unclear},
    {"without an id", {{said("", words, seconds{1})}, true}, unclear},
    {"nothing at all, and more of it", {{}, false}, unclear},
    {"nobody ever said anything", {{}, true}, absent},
  };
  for (const auto& c : cases) {
    const auto got = judge_look_up(in_doubt_row(), words, c.page);
    EXPECT_EQ(got.verdict, c.verdict) << c.what;
    EXPECT_EQ(got.external_id, c.id) << c.what;
  }
}

TEST(judge_look_up, takes_our_own_mark_whatever_the_words_are) {
  auto row = in_doubt_row();
  auto m = said("m1", "At n…", seconds{1});
  m.callback = to_string(row.id);
  EXPECT_EQ(judge_look_up(row, words, {{m}, false}).verdict, found);
}

TEST(judge_look_up, proves_nothing_of_what_was_never_claimed) {
  auto row = in_doubt_row();
  row.claimed_at.reset();
  EXPECT_EQ(judge_look_up(row, words, {{}, true}).verdict, unclear);
}

TEST(may_repeat, is_for_the_first_try_that_people_were_not_told_of) {
  const auto row = in_doubt_row();
  EXPECT_TRUE(may_repeat(row, false));
  EXPECT_FALSE(may_repeat(row, true)) << "something left after it";
  auto other = row;
  other.attempts = 2;
  EXPECT_FALSE(may_repeat(other, false)) << "once is enough";
  other = row;
  other.next_try_at = {};
  EXPECT_FALSE(may_repeat(other, false)) << "people were told";
  other = row;
  other.kind = turn_kind::private_reply;
  EXPECT_FALSE(may_repeat(other, false)) << "one per comment, ever";
  for (auto state : {turn_state::queued, turn_state::sending}) {
    other = row;
    other.state = state;
    EXPECT_FALSE(may_repeat(other, false)) << to_string(state);
  }
}

TEST(can_look_up, knows_where_the_channel_keeps_a_record) {
  using enum channel_kind;
  for (auto kind : {messenger, instagram})
    EXPECT_TRUE(can_look_up(kind, turn_kind::text));
  for (auto kind : {page_comments, instagram_comments})
    EXPECT_TRUE(can_look_up(kind, turn_kind::public_reply));
  EXPECT_TRUE(can_look_up(instagram_comments, turn_kind::private_reply));
  EXPECT_FALSE(can_look_up(page_comments, turn_kind::private_reply));
  EXPECT_FALSE(can_look_up(whatsapp, turn_kind::text));
}

TEST(look_up_at, comes_half_a_minute_after_the_claim) {
  EXPECT_EQ(look_up_at(claimed + doubt_shown_after), claimed + seconds{30});
}

} // namespace
} // namespace assistly
