/// What was said, as a phone shows it: lines, contacts, comments. Memory of
/// each kind is bounded; the oldest goes first.
#pragma once

#include "model/channel.hpp"
#include "model/clock.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assistly::sandbox {

/// How far a customer's line got; a business's line stays `delivered`.
enum class line_state : std::uint8_t {
  sending,   ///< The webhook was not accepted yet.
  delivered, ///< The server answered 200.
  read,      ///< The business has marked it seen, or answered.
  failed,    ///< Meta gave up; the server never took it.
};

enum class line_kind : std::uint8_t {
  message,
  comment,       ///< Under a post, or under another comment.
  private_reply, ///< Of the business to a comment, seen by its author only.
};

std::string_view to_string(line_state state) noexcept;
std::string_view to_string(line_kind kind) noexcept;

struct line {
  std::string id; ///< Meta's: mid, wamid or comment id.
  std::uint64_t revision = 0;
  bool from_business = false;
  line_kind kind = line_kind::message;
  /// Whose talk it belongs to: the name's key, also on the business's lines.
  std::string customer;
  std::string name; ///< Shown as the author.
  std::string text;
  std::string parent;   ///< The comment it answers; empty at the top.
  std::string callback; ///< metadata or biz_opaque_callback_data.
  line_state state = line_state::sending;
  std::string note;     ///< Why it is not further, in words.
  bool removed = false; ///< Deleted at the channel; its text is gone.
  timestamp at;
};

/// A customer as one account knows them in direct messages.
struct contact {
  std::string key;
  std::string name;
  std::string external_id;
  std::string bsuid; ///< WhatsApp
  std::string thread;
  std::optional<timestamp> last_written; ///< Opens the 24 h window.
  std::optional<timestamp> typing_until;
  std::uint64_t typing_revision = 0;
  /// Arrival of the first message that is not answered yet, microseconds.
  std::optional<std::int64_t> waits_since_us;
};

/// A comment, and whether its one private reply is spent.
struct comment {
  std::string id;
  channel_kind channel = channel_kind::page_comments;
  std::string account_id;
  std::string post_id;
  std::string parent; ///< Top-level comment it stands under; empty at the top.
  std::string customer; ///< Key; empty: the business wrote it.
  std::string author_id;
  std::string author_name;
  std::string text;
  timestamp at;
  bool private_reply_spent = false;
  bool hidden = false;
  std::optional<std::int64_t> waits_since_us; ///< As of a contact.
};

/// The key of a thread: direct messages with one customer, or one post.
std::string thread_of(channel_kind channel, std::string_view account_id,
                      std::string_view customer_or_post);

class talk {
public:
  static constexpr std::size_t most_lines = 500;     ///< per thread
  static constexpr std::size_t most_threads = 20000; ///< contacts likewise
  static constexpr std::size_t most_comments = 50000;

  /// Appends; returns its revision. Nothing if the threads are used up.
  std::optional<std::uint64_t> add(const std::string& thread, line what);

  /// Nothing happens if the line is gone.
  void set_state(const std::string& thread, std::string_view id,
                 line_state state, std::string note = {});

  /// What the business has answered it has read: customer's lines that were
  /// delivered, or on their way.
  void mark_read(const std::string& thread, std::string_view customer);

  /// Empties the line and marks it as removed.
  void remove(const std::string& thread, std::string_view id);

  /// Lines changed after that revision, oldest first.
  std::vector<const line*> since(const std::string& thread,
                                 std::uint64_t revision) const;
  const line* find(const std::string& thread, std::string_view id) const;

  /// Grows with every change anywhere.
  std::uint64_t revision() const noexcept {
    return revision_;
  }

  /// The business types, until then; nothing: it stopped.
  void set_typing(contact& to, std::optional<timestamp> until) {
    to.typing_until = until;
    to.typing_revision = ++revision_;
  }

  contact* find_contact(std::string_view account_id,
                        std::string_view external_id);
  /// The one with that id, made if it is new; null if contacts are used up.
  /// Its address stays the same until `clear`.
  contact* ensure_contact(std::string_view account_id, contact fresh);

  /// Those of one account, in no order.
  std::vector<const contact*> contacts_of(std::string_view account_id) const;

  comment* find_comment(std::string_view id);
  void add_comment(comment what);
  void remove_comment(std::string id);
  /// Direct answers to a comment, or the top-level comments of a post; oldest
  /// first.
  std::vector<const comment*> comments_under(std::string_view parent) const;

  void clear();

private:
  line* find_line(const std::string& thread, std::string_view id);

  std::unordered_map<std::string, std::deque<line>> threads_;
  std::unordered_map<std::string, contact> contacts_;
  std::unordered_map<std::string, comment> comments_;
  std::deque<std::string> comment_order_;
  std::uint64_t revision_ = 0;
};

} // namespace assistly::sandbox
