/// What a node must know of its engine beyond single statements: where the two
/// stores are, how they are opened, and what an engine needs to be kept in
/// order. Everything above works with this, and knows neither engine.
#pragma once

#include "model/outcome.hpp"
#include "storage/sql/connection.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::sql {

/// The data, and the keys without which data is noise: apart, so that a copy of
/// the one holds nothing of the other.
enum class store : std::uint8_t { data, keys };

enum class access : std::uint8_t {
  write,
  read,
  look, ///< Makes and changes nothing, not even a file beside the data.
};

struct log_limits {
  /// Pages the log may grow to before the writer shortens it itself. 0 = nobody
  /// shortens it but `empty`, and no thread is started.
  std::int64_t pages = 32'768;
};

/// Keeps an engine's log of changes short; used on the writer's thread, between
/// two commits.
class log_keeper {
public:
  virtual ~log_keeper() = default;
  /// A batch was committed. True if the log was shortened for it.
  virtual bool committed() = 0;
  /// Nothing of what was erased is left in the log; `busy` = somebody reads and
  /// holds it, ask again later.
  virtual outcome<void> empty() = 0;
};

/// What an operator ought to put right; the engine works all the same.
struct engine_warning {
  std::string what;
  std::string mend;
};

class engine {
public:
  virtual ~engine() = default;

  /// As a person knows the store; never with a password.
  virtual std::string name(store which) const = 0;
  /// The files that must not go while a node runs; none if they are another
  /// process's.
  virtual std::vector<std::filesystem::path> files() const = 0;

  /// Keeps every other node out until this object goes. `conflict` = another
  /// has it.
  virtual outcome<void> lock() = 0;

  /// Is there anything of it? Throws `failure`.
  virtual bool is_there(store which) = 0;
  /// Throws `failure`. For writing it makes the store if there is none.
  virtual std::unique_ptr<connection> open(store which, access how) = 0;
  /// A script's tokens (@INTEGER, @BYTES, …) in the engine's words, and what
  /// the engine adds to the tables it makes.
  virtual std::string schema(std::string_view script) const = 0;
  virtual std::unique_ptr<log_keeper>
  keep_log(connection& data, connection& keys, const log_limits& limits) = 0;
  /// Throws `failure`.
  virtual std::vector<engine_warning> warnings() = 0;
};

} // namespace assistly::sql
