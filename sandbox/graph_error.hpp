/// What Graph says when it refuses (CONTRACT 12).
#pragma once

#include "model/channel.hpp"
#include "protocol/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace assistly::sandbox {

/// A refusal: who decides reads `code`, then `subcode`; the words are for
/// people.
struct graph_error {
  int status = 400; ///< HTTP
  int code = 0;
  int subcode = 0; ///< 0: none
  std::string message;
  std::string type = "OAuthException";
  bool is_transient = false;
  /// WhatsApp's `error_data.details`; empty: no `error_data`.
  std::string details;
};

/// The documented error of that code and subcode on that channel, with its
/// status, type and words; for one not in the table a plain 400 with those
/// numbers. Instagram's own errors are of type IGApiException.
graph_error error_of(int code, int subcode = 0,
                     std::optional<channel_kind> channel = {});

/// Code 100 with words of its own.
graph_error invalid_parameter(std::string_view message);

/// Code 100, subcode 33: the object is missing, or hidden from that token.
graph_error no_such_object(std::string_view method, std::string_view id);

/// The answer on the wire.
http::response to_response(const graph_error& error, std::string_view trace_id);

/// A Graph answer with a JSON body.
http::response graph_response(int status, std::string body);

} // namespace assistly::sandbox
