/// The narrow waist between what is kept and the engine that keeps it: the same
/// SQL texts run on SQLite and on PostgreSQL.
#pragma once

#include "model/errc.hpp"
#include "model/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace assistly::sql {

/// Thrown inside storage only; the writer and the readers turn it into a
/// `fault`. Carries the engine's code, never a statement's values.
class failure : public std::exception {
public:
  failure(errc code, std::string text) : code_(code), text_(std::move(text)) {}

  const char* what() const noexcept override {
    return text_.c_str();
  }

  errc code() const noexcept {
    return code_;
  }

private:
  errc code_;
  std::string text_;
};

/// A commit whose answer was lost, or that stands on fewer disks than was asked
/// for. Nobody may be told either way before `connection::has_committed` has
/// found out.
class commit_in_doubt final : public failure {
public:
  using failure::failure;
};

/// An SQL text with a fixed address, which is also the key of its prepared
/// form.
struct query {
  const char* text;
};

/// One prepared statement. `$1` … are bound by number whatever their order in
/// the text (SQLite numbers them by first appearance; FEASIBILITY section 8.F).
class statement {
public:
  virtual ~statement() = default;
  virtual void bind_integer(int n, std::int64_t value) = 0;
  virtual void bind_bytes(int n, std::string_view value) = 0;
  virtual void bind_text(int n, std::string_view value) = 0;
  virtual void bind_null(int n) = 0;
  /// True while there is a row.
  virtual bool step() = 0;
  /// Runs a change of which nobody asks how many rows it touched, and ends the
  /// statement. An engine behind a network may tell its failure only by a later
  /// statement of the same transaction, by its commit at the latest.
  virtual void send() = 0;
  /// Ends the statement; its bindings are forgotten.
  virtual void reset() noexcept = 0;
  virtual std::int64_t integer(int column) const = 0;
  /// Valid until the next step or reset.
  virtual std::string_view bytes(int column) const = 0;
  virtual bool is_null(int column) const = 0;
};

/// One connection; used by one thread at a time.
class connection {
public:
  virtual ~connection() = default;
  virtual statement& prepared(query q) = 0;
  /// A script without parameters.
  virtual void execute(const char* script) = 0;

  /// One writer at a time: waits for the one before, for a while.
  virtual void begin_write() = 0;
  /// What is read until `roll_back` is the state of one moment.
  virtual void begin_read() = 0;
  /// Throws `commit_in_doubt` if it may stand.
  virtual void commit() = 0;
  /// Also where the engine has rolled back by itself, or is gone.
  virtual void roll_back() noexcept = 0;

  /// After `commit` was in doubt: whether it stands, for good. Throws `failure`
  /// while nobody can say; ask again. An engine within the process is never in
  /// doubt.
  virtual bool has_committed() {
    return false;
  }

  /// A part of the transaction that is kept or taken back as a whole.
  virtual void begin_unit() = 0;
  virtual void undo_unit() = 0;
  virtual void end_unit() = 0;

  /// Whose rows the statements that follow may touch: a second wall, where the
  /// engine has one. `ask` and `run` call these.
  virtual void see_only(tenant_id) {}

  virtual void see_all() {}

  /// Rows touched by the last INSERT, UPDATE or DELETE.
  virtual std::int64_t changes() const = 0;
  /// Rows touched since the connection was opened, also those taken back.
  virtual std::int64_t all_changes() const = 0;
  virtual bool has_table(const char* name) = 0;
  /// What the engine's planner would do, one step a line.
  virtual std::string plan(query q) = 0;
};

} // namespace assistly::sql
