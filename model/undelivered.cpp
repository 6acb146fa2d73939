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

} // namespace assistly
