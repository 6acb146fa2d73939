/// Runs a whole request through both halves of the framing guard, cut into
/// pieces as the caller likes.
#pragma once

#include "protocol/http/chunk_scanner.hpp"
#include "protocol/http/framing_guard.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assistly::http {

struct judgement {
  verdict what = verdict::incomplete;
  std::size_t size = 0; // of the message, if accepted

  bool operator==(const judgement&) const = default;
};

/// `piece(already)` says how many more bytes arrive next, at least one.
template <class Piece>
judgement judge(std::string_view raw, const framing_limits& limits,
                std::uint64_t max_body, Piece piece) {
  head_scanner head{limits};
  chunk_scanner chunks{limits, max_body};
  std::size_t arrived = 0;
  std::size_t in_chunks = 0; // bytes given to the chunk scanner
  bool in_body = false;
  while (arrived < raw.size()) {
    arrived = std::min(raw.size(), arrived + piece(arrived));
    const auto bytes = raw.substr(0, arrived);
    if (!in_body) {
      const auto v = head.scan(bytes);
      if (v == verdict::incomplete)
        continue;
      if (v != verdict::accepted)
        return {v, 0};
      in_body = true;
    }
    const auto& framing = head.framing();
    if (framing.chunked) {
      std::size_t taken = 0;
      const auto v =
        chunks.scan(bytes.substr(framing.head_size + in_chunks), taken);
      in_chunks += taken;
      if (v != verdict::incomplete)
        return {v, v == verdict::accepted ? framing.head_size + in_chunks : 0};
      continue;
    }
    const auto length = framing.content_length.value_or(0);
    if (length > max_body)
      return {verdict::body_too_large, 0};
    if (bytes.size() - framing.head_size >= length)
      return {verdict::accepted,
              framing.head_size + static_cast<std::size_t>(length)};
  }
  return {};
}

} // namespace assistly::http
