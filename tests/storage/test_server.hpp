/// A database of a test's own on the throw-away PostgreSQL cluster.
#pragma once

#include <optional>
#include <string>

namespace assistly::fakes {

/// The URL of the cluster that this run of the tests is for, with {database} in
/// it; nothing if the run is for SQLite.
std::optional<std::string> test_server();

/// Made empty, and dropped with this object, whoever is still connected.
class own_database {
public:
  own_database();
  ~own_database();
  own_database(const own_database&) = delete;
  own_database& operator=(const own_database&) = delete;

  const std::string& url() const noexcept {
    return url_;
  }

private:
  std::string name_;
  std::string url_;
};

} // namespace assistly::fakes
