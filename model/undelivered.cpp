#include "model/undelivered.hpp"

#include "model/system_note.hpp"
#include "model/take_in.hpp"

namespace assistly {

namespace {

std::string words_for(loss why, std::int32_t code) {
  std::string text{"An answer could not be delivered: "};
  switch (why) {
  case loss::refused:
    text += "the channel refused it";
    break;
  case loss::window_closed:
    text += "the time in which the channel allows a reply is over";
    break;
  case loss::tries_used_up:
    text += "the channel refused it for now too often";
    break;
  }
  if (code != 0)
    text += " (code " + std::to_string(code) + ")";
  return text + ".";
}

std::string words_for_doubt(const outbox_row& row) {
  std::string text{"Nobody knows whether turn "};
  text += std::to_string(row.seq);
  text += row.kind == turn_kind::private_reply  ? ", a private reply,"
          : row.kind == turn_kind::public_reply ? ", a reply to the comment,"
          : row.who == author::ai               ? ", an answer of the AI,"
                                                : ", a member's message,";
  return text
         + " has arrived: the channel neither confirmed nor refused it. It is "
           "not sent again by itself. Look there before you repeat it.";
}

} // namespace

handed_over undelivered(const conversation& before, author who, loss why,
                        std::int32_t code, const conversation_policy& policy,
                        timestamp now, random_source& random) {
  handed_over r;
  r.after = before;
  auto& c = r.after;
  give_back_if_unattended(c, now);
  if (who != author::ai || c.owner == speaker::human) {
    r.after = before;
    return r;
  }
  take_over(c, policy, now);
  r.note = system_note(c, words_for(why, code), now, random);
  return r;
}

bool is_rest_of(const outbox_row& lost, const outbox_row& later) noexcept {
  return later.state == turn_state::queued && later.who == lost.who
         && later.kind == lost.kind && later.created_at == lost.created_at
         && later.seq > lost.seq;
}

turn rest_not_sent(conversation& c, const outbox_row& lost, std::size_t parts,
                   timestamp now, random_source& random) {
  std::string text{"Turn "};
  text += std::to_string(lost.seq);
  text += " was refused, so the " + std::to_string(parts);
  text += parts == 1 ? " part" : " parts";
  text += " of the reply behind it did not go out either. Send again what the "
          "customer is to read.";
  return system_note(c, std::move(text), now, random);
}

handed_over in_doubt(const conversation& before, const outbox_row& row,
                     const conversation_policy& policy, timestamp now,
                     random_source& random) {
  handed_over r;
  r.after = before;
  auto& c = r.after;
  give_back_if_unattended(c, now);
  // People who have it already keep the time they have.
  if (c.owner == speaker::ai)
    take_over(c, policy, now);
  r.note = system_note(c, words_for_doubt(row), now, random);
  return r;
}

} // namespace assistly
