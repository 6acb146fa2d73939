/// An address of the Graph, and what every call to it carries. Private to
/// protocol/graph.
#pragma once

#include "protocol/graph/send_request.hpp"

#include <boost/json.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace assistly::graph {

struct graph_address {
  std::string node;
  std::string_view edge;
  bool at_instagram = false;
};

/// True for the kinds that live at `instagram_url` under Instagram Login.
bool is_by_instagram(channel_kind channel, const channel_login& login) noexcept;

/// The account whose edges stand for the channel: the linked Page of an
/// Instagram account that is worked through it, else the account itself.
std::string account_node(channel_kind channel, const std::string& account_id,
                         const channel_login& login);

/// Where public replies to the comment stand, and go.
graph_address replies_of(const outgoing& m, const channel_login& login);

/// A POST. The proof goes into the body, and to `graph_url` only.
outcome<http_call> post_call(const graph_address& to, boost::json::object body,
                             const endpoints& where, const secret_text& token,
                             const secret_text& app_secret);

/// A GET. It has no body, so the proof stands in the query, as Meta reads it
/// there; the values are percent-encoded.
outcome<http_call> get_call(
  const graph_address& to,
  std::initializer_list<std::pair<std::string_view, std::string_view>> query,
  const endpoints& where, const secret_text& token,
  const secret_text& app_secret);

} // namespace assistly::graph
