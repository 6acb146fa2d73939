/// The way out, as the adapters see it: real = Meta's Graph, in tests a fake.
#pragma once

#include "model/conversation.hpp"
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
};

class message_sender {
public:
  virtual ~message_sender() = default;

  /// `done` is called once, on a thread of the sender's, and must not block.
  virtual void send(outgoing_message message,
                    std::function<void(send_answer)> done) = 0;
};

} // namespace assistly::actors
