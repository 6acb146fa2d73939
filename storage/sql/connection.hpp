/// The narrow waist between what is kept and the engine that keeps it. SQLite
/// stands behind it today; PostgreSQL joins with the same SQL texts.
#pragma once

#include "model/errc.hpp"

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
  /// Rows touched by the last INSERT, UPDATE or DELETE.
  virtual std::int64_t changes() const = 0;
  /// Rows touched since the connection was opened, also those taken back.
  virtual std::int64_t all_changes() const = 0;
  /// What the engine's planner would do, one step a line.
  virtual std::string plan(query q) = 0;
};

} // namespace assistly::sql
