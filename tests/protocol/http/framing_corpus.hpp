/// Requests on the edge, each with the verdict it must get. Used on the guard
/// alone and over a socket.
#pragma once

#include "protocol/http/verdict.hpp"

#include <string>
#include <vector>

namespace assistly::http {

struct corpus_entry {
  const char* name;
  std::string raw;
  verdict expected;
};

/// Names are unique and fit into a file name.
const std::vector<corpus_entry>& framing_corpus();

} // namespace assistly::http
