/// The stand-in for Meta without a network: requests go in; answers, and the
/// webhooks to be made, come out. Time and chance are passed in. Not safe from
/// two threads.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "protocol/http/message.hpp"
#include "sandbox/account.hpp"
#include "sandbox/fault_rules.hpp"
#include "sandbox/recording.hpp"
#include "sandbox/talk.hpp"
#include "sandbox/webhook_queue.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::sandbox {

struct world_options {
  /// Digits; stands in echoes as `app_id`.
  std::string app_id = "1029384756101112";
  std::string app_name = "Assistly";
  secret_text app_secret;
  std::vector<account> accounts;
  /// A comment account without a post gets one.
  std::vector<post> posts;
  /// Refuse calls without appsecret_proof (Meta's "Require app secret").
  bool require_proof = false;
};

/// What may be changed while it runs.
struct world_settings {
  /// Off: any recipient is taken and no window checked, for a load that writes
  /// its own webhooks and whose customers are unknown here.
  bool strict = true;
  bool echoes = true;   ///< Of our own messages and comments.
  bool statuses = true; ///< sent, delivered, read
};

/// What goes back for a call of the Graph API.
struct graph_reply {
  http::response answer;
  milliseconds delay{0}; ///< Wait that long before.
  bool withheld = false; ///< After `delay` let go without an answer.
};

/// What a customer does on their phone, or somebody of the business in an app
/// of Meta's.
struct written_message {
  channel_kind channel = channel_kind::messenger;
  std::string account_id; ///< Empty: the first of that kind.
  std::string customer;   ///< The name.
  std::string text;
  std::string post_id;  ///< Comments; empty: the account's first post.
  std::string reply_to; ///< Comments: the comment answered; empty: the post.
};

/// What was made of it.
struct written_line {
  std::string id;          ///< Meta's: mid, wamid or comment id.
  std::string customer_id; ///< The customer's id in that channel.
  std::string account_id;
  std::uint64_t revision = 0;
};

/// Which phone is looked at.
struct phone_view {
  channel_kind channel = channel_kind::messenger;
  std::string account_id; ///< Empty: the first of that kind.
  std::string customer;
  std::string post_id;
};

struct phone_place {
  std::string account_id;
  std::string post_id; ///< Comments only.
  std::string customer_id;
};

struct world_state;

class sandbox_world {
public:
  sandbox_world(world_options options, const clock_source& clock,
                random_source& random);
  ~sandbox_world();
  sandbox_world(const sandbox_world&) = delete;
  sandbox_world& operator=(const sandbox_world&) = delete;

  /// Any call of the Graph API. `arrival_us`: microseconds since 1970, kept in
  /// the recording. What was seen of it is put into `seen` if that is given.
  graph_reply graph(const http::request& call, std::int64_t arrival_us,
                    observed_call* seen = nullptr);

  /// A customer writes. errc::not_found for an account, post or comment that is
  /// none, errc::invalid for a name or text that cannot be, errc::busy if
  /// memory for threads is used up.
  outcome<written_line> customer_writes(const written_message& what,
                                        std::int64_t arrival_us);

  /// Somebody of the business writes to a customer in the Page inbox, in the
  /// Instagram or the WhatsApp Business app, or comments as the Page. Errors as
  /// above; errc::not_found also if the customer never wrote.
  outcome<written_line> business_writes(const written_message& what);

  /// A customer takes a comment back. errc::not_found, and errc::not_permitted
  /// if it is somebody else's.
  outcome<void> customer_removes(std::string_view customer,
                                 std::string_view comment_id);

  /// The lines of a phone changed after a revision, as JSON; `next` in it is
  /// the revision to ask with the next time. errc::not_found, errc::invalid.
  outcome<std::string> phone_json(const phone_view& view,
                                  std::uint64_t after) const;
  bool phone_changed(const phone_view& view, std::uint64_t after) const;

  /// Where a phone stands: what the view leaves open filled in, and the
  /// customer's id as the server knows it. Errors as of `phone_json`.
  outcome<phone_place> place_of(const phone_view& view) const;

  /// Channels and posts, for the page: `[{kind,account_id,name,posts}]`.
  std::string channels_json() const;

  std::vector<webhook_delivery> take_webhooks(std::size_t most);
  /// `status` is 0 without an answer.
  void webhook_finished(std::uint64_t id, int status);
  std::optional<timestamp> next_webhook() const noexcept;

  fault_rules& faults() noexcept;
  recording& record() noexcept;
  world_settings& settings() noexcept;
  const webhook_counts& webhook_totals() const noexcept;
  std::size_t webhooks_waiting() const noexcept;

  /// Virtual time: the clock's plus what was advanced. Windows, time stamps and
  /// retries live by it.
  timestamp now() const noexcept;
  void advance(milliseconds by);
  milliseconds advanced() const noexcept;

  /// Forgets everything but accounts and settings; time is the clock's again.
  void reset();

private:
  std::unique_ptr<world_state> state_;
};

} // namespace assistly::sandbox
