#include "model/system_note.hpp"

#include <utility>

namespace assistly {

turn system_note(conversation& c, std::string text, timestamp now,
                 random_source& random) {
  turn t;
  t.id = turn_id{make_uuid(now, random)};
  t.seq = ++c.seq;
  t.who = author::system;
  t.kind = turn_kind::note;
  t.at = now;
  t.received_at = now;
  t.text = std::move(text);
  return t;
}

} // namespace assistly
