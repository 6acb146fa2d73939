/// What commands and queries work on: an open database, with or without a
/// server around it. The code is the same either way.
#pragma once

#include "actors/node.hpp"
#include "config/settings.hpp"
#include "storage/ledger.hpp"
#include "storage/reader.hpp"
#include "storage/writer.hpp"

namespace assistly::api {

struct access {
  const config::settings& settings;
  storage::database& db;
  storage::writer& writer;
  storage::reader& reader;
  storage::ledger& ledger;
  clock_source& clock;
  random_source& random;
  /// Null when no server runs: then nobody holds anything in memory.
  actors::node* node = nullptr;
  /// Of that server; null when none runs.
  actors::node_services* services = nullptr;
};

} // namespace assistly::api
