/// What `check` looks at in the database: with the server up or down, and
/// without changing anything.
#pragma once

#include "config/settings.hpp"
#include "storage/database.hpp"
#include "storage/reader.hpp"

#include <string>

namespace assistly::api {

struct checked {
  const config::settings& settings;
  storage::database& db;
  storage::reader& reader;
};

/// That all files of the database are there and belong together: database, key
/// store, key file, ledger. `not_found` names the one that is missing. Then
/// what Meta says of each account's subscription.
outcome<std::string> check(const checked& c);

/// The same, and then everything in it: what must be true at rest, and every
/// sealed value.
outcome<std::string> check_deep(const checked& c);

} // namespace assistly::api
