/// The way out, as the adapters see it: real = Meta's Graph, in tests a fake.
#pragma once

#include "model/conversation.hpp"
#include "model/look_up.hpp"
#include "model/outbox_rules.hpp"
#include "model/tenant_settings.hpp"
#include "model/turn.hpp"

#include <functional>
#include <optional>
#include <string>

namespace assistly::actors {

struct outgoing_message {
  channel_kind channel = channel_kind::messenger;
  channel_access access;
  correspondent to;
  turn_kind kind = turn_kind::text;
  author who = author::ai;
  std::string text;
  /// Goes out as `metadata` or `biz_opaque_callback_data`, and comes back.
  turn_id id;
};

struct send_answer {
  send_report report;
  /// Private replies: the direct-message id the answer names.
  std::optional<alias> private_recipient;
  /// Nothing more may go out on this channel for so long; zero = go on.
  milliseconds pause_channel{0};
  /// The same for every channel of the app.
  milliseconds pause_app{0};
};

/// A send in doubt, to be looked for where it must be if it was accepted.
struct sought_message {
  channel_kind channel = channel_kind::messenger;
  channel_access access;
  correspondent to;
  turn_kind kind = turn_kind::text;
};

struct look_up_answer {
  /// Nothing if the answer proves nothing.
  std::optional<shown_page> page;
  /// Both as of a send.
  milliseconds pause_channel{0};
  milliseconds pause_app{0};
};

class message_sender {
public:
  virtual ~message_sender() = default;

  /// Asks the channel's own record; `done` as of `send`. A sender that has no
  /// way to ask says so with an empty answer.
  virtual void look_up(sought_message what,
                       std::function<void(look_up_answer)> done) = 0;

  /// `done` is called once, on a thread of the sender's, and must not block.
  virtual void send(outgoing_message message,
                    std::function<void(send_answer)> done) = 0;
};

} // namespace assistly::actors
