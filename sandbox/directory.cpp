#include "sandbox/directory.hpp"

#include "sandbox/customer_ids.hpp"

#include <algorithm>

namespace assistly::sandbox {

channel_kind business_node::message_channel() const noexcept {
  switch (kind) {
  case node_kind::page:
    return channel_kind::messenger;
  case node_kind::instagram:
    return channel_kind::instagram;
  default:
    return channel_kind::whatsapp;
  }
}

channel_kind business_node::comment_channel() const noexcept {
  return kind == node_kind::instagram ? channel_kind::instagram_comments
                                      : channel_kind::page_comments;
}

bool token_entry::opens(std::string_view id) const noexcept {
  return std::find(nodes.begin(), nodes.end(), id) != nodes.end();
}

directory::directory(const std::vector<account>& accounts,
                     std::vector<post> posts) {
  for (const auto& one : accounts)
    add(one);
  for (auto& one : posts) {
    if (one.id.empty())
      one.id = find(channel_kind::page_comments, one.account_id)
                 ? one.account_id + '_' + digits_from(one.text, "9", 12)
                 : digits_from(one.text, "179", 17);
    posts_.push_back(std::move(one));
  }
  for (const auto& one : accounts_) {
    if (!is_comment_channel(one.kind) || find_post(one.account_id, {}))
      continue;
    const bool page = one.kind == channel_kind::page_comments;
    posts_.push_back(
      {one.account_id,
       page ? one.account_id + '_' + digits_from(one.account_id, "9", 12)
            : digits_from(one.account_id, "179", 17),
       "Questions about us? Ask away in the comments!"});
  }
}

void directory::add(const account& one) {
  auto kept = one;
  if (kept.kind == channel_kind::whatsapp && kept.business_account_id.empty())
    kept.business_account_id = digits_from(kept.account_id, "2", 15);

  auto& node = nodes_[kept.account_id];
  node.id = kept.account_id;
  if (node.name.empty())
    node.name = kept.name;
  std::vector<std::string> opened{kept.account_id};
  switch (kept.kind) {
  case channel_kind::messenger:
  case channel_kind::page_comments:
    node.kind = node_kind::page;
    break;
  case channel_kind::instagram:
  case channel_kind::instagram_comments:
    node.kind = node_kind::instagram;
    if (!kept.page_id.empty()) {
      node.page_id = kept.page_id;
      instagram_by_page_[kept.page_id] = kept.account_id;
      opened.insert(opened.begin(), kept.page_id);
      // The Page may carry nothing but this Instagram account.
      auto& page = nodes_[kept.page_id];
      page.id = kept.page_id;
      if (page.name.empty())
        page.name = kept.name;
    }
    break;
  case channel_kind::whatsapp:
    node.kind = node_kind::phone;
    node.waba_id = kept.business_account_id;
    nodes_[node.waba_id] = {node_kind::waba, node.waba_id, kept.name, {}, {}};
    opened.push_back(kept.business_account_id);
    break;
  }
  // `nodes_` may have grown above, so `node` is looked up again.
  auto& owner = nodes_[kept.account_id];
  (is_comment_channel(kept.kind) ? owner.comments : owner.messages) = true;

  auto& token = tokens_[kept.access_token.reveal()];
  if (token.primary.empty())
    token.primary = opened.front();
  for (auto& id : opened)
    if (!token.opens(id))
      token.nodes.push_back(std::move(id));

  kept.access_token = {};
  accounts_.push_back(std::move(kept));
}

business_node* directory::node(std::string_view id) noexcept {
  const auto at = nodes_.find(id);
  return at == nodes_.end() ? nullptr : &at->second;
}

const business_node* directory::node(std::string_view id) const noexcept {
  const auto at = nodes_.find(id);
  return at == nodes_.end() ? nullptr : &at->second;
}

const business_node*
directory::instagram_of(std::string_view page_id) const noexcept {
  const auto at = instagram_by_page_.find(page_id);
  return at == instagram_by_page_.end() ? nullptr : node(at->second);
}

const token_entry* directory::token(std::string_view text) const noexcept {
  const auto at = text.empty() ? tokens_.end() : tokens_.find(text);
  return at == tokens_.end() ? nullptr : &at->second;
}

const account* directory::find(channel_kind kind,
                               std::string_view id) const noexcept {
  for (const auto& one : accounts_)
    if (one.kind == kind && (id.empty() || one.account_id == id))
      return &one;
  return nullptr;
}

const post* directory::find_post(std::string_view account_id,
                                 std::string_view id) const noexcept {
  for (const auto& one : posts_)
    if (one.account_id == account_id && (id.empty() || one.id == id))
      return &one;
  return nullptr;
}

} // namespace assistly::sandbox
