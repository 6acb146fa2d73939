/// What the phone page's team side asks of the server, so that a visitor sees
/// both ends of a conversation. The stand-in knows no actors and no database:
/// whoever starts both (`assistly demo`) wires this.
#pragma once

#include "model/channel.hpp"
#include "model/outcome.hpp"

#include <string>
#include <string_view>

namespace assistly::sandbox {

/// Which conversation: the customer's id in that channel (PSID, Page user,
/// IGSID, phone number) and, for comments, the post.
struct team_address {
  channel_kind channel = channel_kind::messenger;
  std::string account_id;
  std::string customer_id;
  std::string post_id;
};

/// Each call may block for as long as the server takes; it is made on a thread
/// of its own. Answers are the conversation as JSON: `{id, mode "ai"|"human",
/// window_closes_at, erase_at, turns[{author, text, state, at, kind}]}`, times
/// as RFC 3339. errc::not_found if there is no such conversation; any other
/// fault's text is shown to the visitor.
class team_side {
public:
  virtual ~team_side() = default;
  virtual outcome<std::string> conversation(const team_address& which) = 0;
  virtual outcome<std::string> take(const team_address& which) = 0;
  virtual outcome<std::string> reply(const team_address& which,
                                     std::string_view text) = 0;
  virtual outcome<std::string> give_back(const team_address& which) = 0;
};

} // namespace assistly::sandbox
