/// The real way out: Meta's Graph over the one outgoing client.
#pragma once

#include "actors/message_sender.hpp"
#include "protocol/fetch/client.hpp"
#include "protocol/graph/send_request.hpp"

#include <memory>

namespace assistly::actors {

/// `client` must outlive the sender. `app_secret` may be empty.
std::unique_ptr<message_sender> make_graph_sender(fetch::client& client,
                                                  graph::endpoints where,
                                                  secret_text app_secret);

} // namespace assistly::actors
