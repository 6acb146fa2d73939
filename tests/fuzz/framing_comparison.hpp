/// Sends the same bytes through the framing guard alone, through guard and
/// Beast together, and through the strict reference, and tells where they see
/// different messages.
#pragma once

#include "protocol/http/message_reader.hpp"
#include "tests/fuzz/strict_reference.hpp"
#include "tests/protocol/http/judge.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace assistly::http {

struct read_result {
  verdict what = verdict::incomplete;
  std::size_t size = 0;
  std::string body;
};

/// Guard and Beast as a session feeds them: `piece` bytes at a time, what is
/// not consumed stays in front.
inline read_result read_in_pieces(std::string_view raw,
                                  const framing_limits& limits,
                                  std::uint64_t max_body, std::size_t piece) {
  using step = message_reader::step;
  message_reader reader{limits, max_body};
  std::size_t begin = 0;
  std::size_t end = 0;
  while (end < raw.size()) {
    end = std::min(raw.size(), end + piece);
    for (bool more = true; more;) {
      std::size_t consumed = 0;
      const auto did = reader.feed(raw.substr(begin, end - begin), consumed);
      begin += consumed;
      more = did == step::head;
      if (did == step::message)
        return {verdict::accepted, begin, reader.take().body};
      if (did == step::refused)
        return {reader.why(), 0, {}};
    }
  }
  return {};
}

inline reference_result::kind kind_of(verdict v) {
  using kind = reference_result::kind;
  if (v == verdict::accepted)
    return kind::accepted;
  return v == verdict::incomplete ? kind::incomplete : kind::refused;
}

/// Who disagrees, or an empty text.
inline std::string disagreement(std::string_view raw,
                                const framing_limits& limits,
                                std::uint64_t max_body) {
  const auto whole =
    judge(raw, limits, max_body, [&](std::size_t) { return raw.size(); });
  const auto bytes =
    judge(raw, limits, max_body, [](std::size_t) { return 1U; });
  if (whole != bytes)
    return "guard at once and byte by byte";

  const auto expected = strict_reference{raw, limits, max_body}.read();
  if (kind_of(whole.what) != expected.what || whole.size != expected.size)
    return "guard and reference";

  for (const auto piece :
       {raw.size() + 1, raw.size() / 3 + 1, std::size_t{1}}) {
    const auto read = read_in_pieces(raw, limits, max_body, piece);
    // Beast may be stricter in what is no framing, such as a Connection it
    // cannot read. It must never see another message.
    if (read.what == verdict::parsers_disagree)
      continue;
    if (read.what != whole.what || read.size != whole.size)
      return "reader and guard";
    if (read.what == verdict::accepted && read.body != expected.body)
      return "reader and reference about the body";
  }
  return {};
}

} // namespace assistly::http
