#include "tests/storage/test_server.hpp"

#include "storage/sql/postgres.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

namespace assistly::fakes {

namespace {

std::string url_of(const std::string& database) {
  auto url = test_server();
  if (!url)
    throw std::runtime_error{"ASSISTLY_TEST_POSTGRES names no server"};
  const std::string_view mark = "{database}";
  auto at = url->find(mark);
  if (at == std::string::npos)
    throw std::runtime_error{"ASSISTLY_TEST_POSTGRES has no {database}"};
  return url->replace(at, mark.size(), database);
}

void execute(const std::string& statement) {
  sql::open_postgres({url_of("postgres"), "public"})
    ->execute(statement.c_str());
}

} // namespace

std::optional<std::string> test_server() {
  const char* url = std::getenv("ASSISTLY_TEST_POSTGRES");
  return url && *url ? std::optional<std::string>{url} : std::nullopt;
}

own_database::own_database() {
  static std::atomic<int> count{0};
  name_ = "t" + std::to_string(::getpid()) + "_" + std::to_string(++count);
  execute("CREATE DATABASE " + name_);
  url_ = url_of(name_);
}

own_database::~own_database() {
  try {
    execute("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const sql::failure&) {
    // It goes with the cluster.
  }
}

} // namespace assistly::fakes
