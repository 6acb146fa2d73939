/// One connection to a PostgreSQL server, in libpq's pipeline mode: what nobody
/// waits for is queued and leaves with the next question, so that it costs no
/// round trip. Knows libpq's words, none of ours.
#pragma once

#include <cstdint>
#include <deque>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assistly::sql {

struct free_result {
  void operator()(PGresult* r) const noexcept {
    PQclear(r);
  }
};

using postgres_result = std::unique_ptr<PGresult, free_result>;

/// Why a statement failed.
struct postgres_trouble {
  /// Five letters of the SQL standard; empty if the connection is gone.
  std::string state;
  /// Names what the statement's text names; empty where it may quote a value.
  std::string about;
  /// It was queued before the question it was found with.
  bool earlier = false;
};

/// How a value travels: numbers and texts as text, bytes as they are.
struct postgres_value {
  enum class form : std::uint8_t { null, integer, bytes, text };
  form what = form::null;
  std::string buffer;
};

/// A statement that the server is to know by name.
struct postgres_text {
  const char* text = nullptr;
  std::string name;
  /// The life of the connection in which the server learned it.
  std::uint64_t known_in = 0;
};

class postgres_link {
public:
  postgres_link() = default;
  ~postgres_link();
  postgres_link(const postgres_link&) = delete;
  postgres_link& operator=(const postgres_link&) = delete;

  /// Opens it, anew if it was open; false with the reason in `why`, which names
  /// no password.
  bool open(const std::string& url, std::string& why);
  bool is_lost() const noexcept;

  /// Queues the statement, and its preparation where the server does not know
  /// it. `first_number` is given the first column of its first row.
  void queue(postgres_text& t, std::span<const postgres_value> values,
             std::int64_t* first_number = nullptr);

  struct answer {
    /// Of what was queued last; empty if it failed.
    postgres_result rows;
    /// Rows it touched.
    std::int64_t touched = 0;
    std::optional<postgres_trouble> trouble;
  };

  /// Sends what is queued and waits for all of it. Behind a failure nothing of
  /// it was run.
  answer wait();

  /// A script, outside of the pipeline; nothing may be queued.
  std::optional<postgres_trouble> execute(const char* script);

  /// Rows that were touched by all that ran, as the server counted them.
  std::int64_t touched() const noexcept {
    return touched_;
  }

  /// Has the server warned since this was last called?
  bool take_warning() noexcept;

  bool is_empty() const noexcept {
    return queued_.empty();
  }

private:
  struct entry {
    /// The statement, where this is its preparation.
    postgres_text* learns = nullptr;
    std::int64_t* first_number = nullptr;
  };

  void read(const entry& e, bool last, answer& into);
  void note_trouble(const entry& e, const PGresult* r, bool last, answer& into);
  static void hear(void* self, const PGresult* notice);

  struct close {
    void operator()(PGconn* c) const noexcept {
      PQfinish(c);
    }
  };

  std::unique_ptr<PGconn, close> conn_;
  std::deque<entry> queued_;
  /// Sending failed: the connection is of no use any more.
  bool broken_ = false;
  bool warned_ = false;
  std::uint64_t life_ = 0;
  std::int64_t touched_ = 0;
};

/// Database, host and port of a URL, for people; never its password.
std::string place_in(const std::string& url);

/// A number of any width; 0 for NULL. Nothing if the column holds no number.
std::optional<std::int64_t> integer_of(const PGresult* r, int row, int column);

} // namespace assistly::sql
