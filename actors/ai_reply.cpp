#include "actors/ai_reply.hpp"

#include "actors/reply_words.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>

namespace assistly::actors {

namespace {

struct ai_reply_state {
  static inline const char* name = "ai_reply";
};

using pointer = ai_reply_actor::stateful_pointer<ai_reply_state>;

draft answer(const make_draft& order, channel_mode mode) {
  answers::question asked;
  asked.text = order.lines.back();
  asked.earlier.assign(order.lines.begin(), order.lines.end() - 1);
  auto decided = answers::decide(*order.tenant->index, asked);
  auto made = words_for(*order.tenant, order.kind, mode, decided, order.lines);
  made.epoch = order.epoch;
  made.for_seq = order.for_seq;
  return made;
}

ai_reply_actor::behavior_type ai_reply(pointer self, node_services* services,
                                       const conversation_actor& conversation) {
  return {
    [self, services, conversation](const make_draft& order) {
      const auto* channel = order.tenant->channel(order.channel);
      auto start = std::chrono::steady_clock::now();
      try {
        if (services->faults.in_answer)
          services->faults.in_answer(order.lines);
        auto made = answer(order, channel ? channel->mode : channel_mode::off);
        std::chrono::duration<double> took =
          std::chrono::steady_clock::now() - start;
        services->metrics->answer_seconds.observe(took.count());
        self->send(conversation, draft_made{std::move(made)});
      } catch (const std::exception&) {
        // The text of an exception may quote the customer, so only the fact is
        // told.
        telemetry::log(telemetry::level::error, "draft_failed");
        self->send(conversation, draft_failed{order.epoch, order.for_seq});
      }
      self->quit();
    },
  };
}

} // namespace

ai_reply_actor spawn_ai_reply(caf::actor_system& system,
                              node_services& services,
                              conversation_actor conversation) {
  return system.spawn(ai_reply, &services, std::move(conversation));
}

} // namespace assistly::actors
