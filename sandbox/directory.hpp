/// The accounts that are played, found by id and by token.
#pragma once

#include "sandbox/account.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assistly::sandbox {

enum class node_kind : std::uint8_t { page, instagram, phone, waba };

/// A business object of the Graph. A Page's messages and its comments are two
/// channels of one node; so are Instagram's.
struct business_node {
  node_kind kind = node_kind::page;
  std::string id;
  std::string name;
  std::string page_id; ///< Instagram with a Page login: its Page.
  std::string waba_id; ///< Phone: its WABA.
  bool messages = false;
  bool comments = false;
  /// Whether the app gets its webhooks: true until it is unsubscribed.
  bool subscribed = true;

  channel_kind message_channel() const noexcept;
  channel_kind comment_channel() const noexcept;
};

/// Whose token it is, and what it opens.
struct token_entry {
  std::string primary; ///< What `me` means.
  std::vector<std::string> nodes;

  bool opens(std::string_view id) const noexcept;
};

class directory {
public:
  directory(const std::vector<account>& accounts, std::vector<post> posts);

  business_node* node(std::string_view id) noexcept;
  const business_node* node(std::string_view id) const noexcept;

  /// The Instagram account that is worked through that Page; null if none.
  const business_node* instagram_of(std::string_view page_id) const noexcept;

  const token_entry* token(std::string_view text) const noexcept;

  /// As given, in order, without tokens.
  const std::vector<account>& accounts() const noexcept {
    return accounts_;
  }

  /// The one account of that kind with that id; the first of the kind for an
  /// empty id; null if there is none.
  const account* find(channel_kind kind, std::string_view id) const noexcept;

  /// Every post, each with an id. A comment account without one got one.
  const std::vector<post>& posts() const noexcept {
    return posts_;
  }

  /// The post of that id on that account, the account's first for an empty id;
  /// null if there is none.
  const post* find_post(std::string_view account_id,
                        std::string_view id) const noexcept;

private:
  // Looks up string_views without making a string of them.
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  template <class T>
  using by_text = std::unordered_map<std::string, T, hash, std::equal_to<>>;

  void add(const account& one);

  std::vector<account> accounts_;
  std::vector<post> posts_;
  by_text<business_node> nodes_;
  by_text<token_entry> tokens_;
  by_text<std::string> instagram_by_page_;
};

} // namespace assistly::sandbox
