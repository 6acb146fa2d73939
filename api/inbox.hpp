/// What a member does in the inbox: list, show, take, reply, return. The
/// command line and the demo's team side call the same functions.
#pragma once

#include "api/run_command.hpp"
#include "model/conversation.hpp"
#include "storage/transactions/reply.hpp"

#include <string>

namespace assistly::api {

/// A page of the list, the latest activity first.
struct page_wanted {
  std::size_t most = 50;
  /// `next` of the page before; empty for the first.
  std::string after;
};

/// `next` of the answer is null on the last page. `invalid` for an `after` that
/// no page gave.
outcome<std::string> list_conversations(access& a, tenant_id tenant,
                                        const page_wanted& wanted);
/// `limit` and `after` of a command, both optional.
outcome<page_wanted> page_of(const command_call& call);
outcome<std::string> show_conversation(access& a, tenant_id tenant,
                                       conversation_id id);
/// Takes over, hands back or replies; the answer is the conversation as `show`
/// gives it.
outcome<std::string> act(access& a, tenant_id tenant, conversation_id id,
                         storage::member_act what, const std::string& text);

/// The conversation of one customer on one account; `thread` is the post, for
/// comments.
outcome<conversation_id> find_by_customer(access& a, channel_kind kind,
                                          const std::string& account_id,
                                          const std::string& customer_id,
                                          const std::string& thread,
                                          tenant_id& tenant);

} // namespace assistly::api
