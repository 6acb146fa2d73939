/// What a member does in the inbox: list, show, take, reply, return. The
/// command line and the demo's team side call the same functions.
#pragma once

#include "api/run_command.hpp"
#include "model/conversation.hpp"
#include "storage/transactions/reply.hpp"

#include <string>

namespace assistly::api {

outcome<std::string> list_conversations(access& a, tenant_id tenant);
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
