/// When an answer is good enough to be sent. The whole table; how it was chosen
/// stands in answers/README.md, "How the numbers came".
#pragma once

#include <cstddef>

namespace assistly::answers {

struct thresholds {
  /// Least confidence (0..1) with which an answer is sent by itself.
  double confidence = 0.75;
  /// Least weighted share of the question's words that the entry must have.
  double covered = 0.5;
  /// Least phrasing cosine where only fillers are shared: "how are you" is an
  /// entry of some businesses, but "are you okay" is not "are you open".
  double fillers_alone = 0.8;
  /// Least lead over the second entry, as a share of the first one's score.
  /// However sure of the words, a coin is not thrown between two answers.
  double lead = 0.15;
  /// A lead counts up to this; with one entry it would always be 1 and say
  /// nothing.
  double counted_lead = 0.8;

  /// Confidence = 1 / (1 + exp(-(bias + sum of weight * feature))).
  double bias = -3.8;
  double phrasing_weight = 4.5;
  double lead_weight = 2.5;
  double terms_weight = 5.0;

  /// Questions that one message answers; more is a letter, for a person.
  std::size_t answers_in_one_message = 3;
  /// Lines of a burst and sentences in them that are looked at.
  std::size_t lines = 10;
};

} // namespace assistly::answers
