/// Names that people type, to rows.
#pragma once

#include "api/access.hpp"
#include "model/conversation.hpp"

#include <string>

namespace assistly::api {

/// `not_found` names the slug and says what to do.
outcome<tenant_id> tenant_named(access& a, const std::string& slug);

/// `invalid` if it is no id.
outcome<uuid> id_named(const std::string& text, const char* what);

/// A conversation that can be shown; nothing if it is gone, or its key is,
/// which means that it is being erased. So one of them hides no other.
std::optional<conversation> find_live(storage::session& s, tenant_id tenant,
                                      conversation_id id);

/// Settings and policy that hold for a conversation.
outcome<conversation_policy> policy_for(access& a, tenant_id tenant,
                                        channel_id channel);

} // namespace assistly::api
