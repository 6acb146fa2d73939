/// Turns a response into the bytes that go over the wire.
#pragma once

#include "protocol/http/message.hpp"

#include <string>
#include <string_view>

namespace assistly::http {

/// What the request says about how its answer is written.
struct answer_form {
  bool head = false;     ///< Answer of HEAD: all but the body.
  bool close = false;    ///< The connection ends after it.
  bool http_1_0 = false; ///< Keeping the connection open must be said.
};

/// `t` as RFC 9110 section 5.6.7 wants it: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(timestamp t);

/// Appends `what` to `out`. `date` is an `http_date`. A response that cannot be
/// written as asked (a header with a line break in it, a status out of 200 to
/// 599) is a bug that could split responses; a plain 500 goes out instead.
void append_response(std::string& out, const response& what, answer_form form,
                     std::string_view date);

} // namespace assistly::http
