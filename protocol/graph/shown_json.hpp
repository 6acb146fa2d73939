/// How Meta's read interface writes messages, comments and lists. Private to
/// protocol/graph.
#pragma once

#include "model/look_up.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace assistly::graph {

/// A whole answer: 2xx, an object, no `error` in it.
std::optional<boost::json::object> read_answer(int status,
                                               std::string_view body);

/// Null for what is absent or of another kind.
const boost::json::object* object_at(const boost::json::object& from,
                                     std::string_view key);
const boost::json::array* array_at(const boost::json::object& from,
                                   std::string_view key);
/// Text, or a whole number's digits; empty for anything else.
std::string text_at(const boost::json::object& from, std::string_view key);

/// `2026-11-20T00:00:00+0000`, also with a colon in the offset or with `Z`
/// (CONTRACT 3.4).
std::optional<timestamp> parse_graph_time(std::string_view text);

/// Where a list goes on: the cursor, if and only if it says that there is more
/// (`paging.next`). Empty at its end; nothing if there is more, but no cursor
/// to ask for it with.
std::optional<std::string> next_cursor(const boost::json::object& list);

} // namespace assistly::graph
