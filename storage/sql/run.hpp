/// How storage asks. Every statement on a tenant's table goes through `ask` or
/// `run` with the tenant, which is bound as `$1`; a test reads all SQL texts
/// and fails on one that does not use it (DESIGN section 5).
#pragma once

#include "model/ids.hpp"
#include "storage/sql/connection.hpp"

#include <optional>
#include <type_traits>

namespace assistly::sql {

/// Marks bytes, as opposed to text.
struct bytes {
  std::string_view value;

  explicit bytes(std::string_view v) : value(v) {}

  explicit bytes(std::span<const std::byte> v)
    : value(reinterpret_cast<const char*>(v.data()), v.size()) {}
};

inline std::string_view view(const uuid& id) noexcept {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

inline std::string_view view(const lookup_hash& hash) noexcept {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

inline void bind(statement& s, int n, std::int64_t v) {
  s.bind_integer(n, v);
}

inline void bind(statement& s, int n, timestamp v) {
  s.bind_integer(n, to_unix_ms(v));
}

inline void bind(statement& s, int n, const bytes& v) {
  s.bind_bytes(n, v.value);
}

inline void bind(statement& s, int n, std::string_view v) {
  s.bind_text(n, v);
}

inline void bind(statement& s, int n, const uuid& v) {
  s.bind_bytes(n, view(v));
}

inline void bind(statement& s, int n, const lookup_hash& v) {
  s.bind_bytes(n, view(v));
}

template <class Tag>
void bind(statement& s, int n, const unique_id<Tag>& v) {
  s.bind_bytes(n, view(v.value));
}

template <class Tag>
void bind(statement& s, int n, const number_id<Tag>& v) {
  s.bind_integer(n, v.value);
}

template <class E>
requires std::is_enum_v<E>

void bind(statement& s, int n, E v) {
  s.bind_integer(n, static_cast<std::int64_t>(v));
}

template <class T>
void bind(statement& s, int n, const std::optional<T>& v) {
  if (v)
    bind(s, n, *v);
  else
    s.bind_null(n);
}

/// The rows of one run statement; ends the statement when it goes.
class rows {
public:
  explicit rows(statement& s) : statement_(&s) {}

  rows(rows&& other) noexcept : statement_(other.statement_) {
    other.statement_ = nullptr;
  }

  rows(const rows&) = delete;
  rows& operator=(const rows&) = delete;
  rows& operator=(rows&&) = delete;

  ~rows() {
    if (statement_)
      statement_->reset();
  }

  bool next() {
    return statement_->step();
  }

  std::int64_t integer(int column) const {
    return statement_->integer(column);
  }

  timestamp time(int column) const {
    return from_unix_ms(statement_->integer(column));
  }

  std::optional<timestamp> time_or_none(int column) const {
    if (statement_->is_null(column))
      return std::nullopt;
    return time(column);
  }

  std::string_view bytes(int column) const {
    return statement_->bytes(column);
  }

  bool is_null(int column) const {
    return statement_->is_null(column);
  }

  /// Precondition: the column holds 16 bytes.
  uuid id(int column) const {
    uuid result;
    copy(column, result.bytes);
    return result;
  }

  lookup_hash hash(int column) const {
    lookup_hash result;
    copy(column, result.bytes);
    return result;
  }

private:
  template <std::size_t N>
  void copy(int column, std::array<std::byte, N>& out) const {
    auto value = statement_->bytes(column);
    if (value.size() != N)
      throw failure{errc::storage_failed, "a stored id has the wrong length"};
    for (std::size_t i = 0; i < N; ++i)
      out[i] = static_cast<std::byte>(value[i]);
  }

  statement* statement_;
};

template <class... Args>
rows start(connection& c, query q, int first, const Args&... args) {
  auto& s = c.prepared(q);
  rows result{s};
  int n = first;
  (bind(s, n++, args), ...);
  return result;
}

/// Asks a tenant's table; `$1` is the tenant, `$2` … are `args`.
template <class... Args>
rows ask(connection& c, tenant_id tenant, query q, const Args&... args) {
  c.see_only(tenant);
  auto& s = c.prepared(q);
  s.bind_integer(1, tenant.value);
  return start(c, q, 2, args...);
}

/// Changes a tenant's table; returns the number of rows touched.
template <class... Args>
std::int64_t run(connection& c, tenant_id tenant, query q,
                 const Args&... args) {
  auto result = ask(c, tenant, q, args...);
  while (result.next()) {
  }
  return c.changes();
}

/// Changes a tenant's table where nobody asks how many rows were touched: over
/// a network it costs no wait (`statement::send`).
template <class... Args>
void send(connection& c, tenant_id tenant, query q, const Args&... args) {
  c.see_only(tenant);
  auto& s = c.prepared(q);
  s.bind_integer(1, tenant.value);
  int n = 2;
  (bind(s, n++, args), ...);
  s.send();
}

/// For the node's own tables, and for the sweeps over all tenants that are
/// listed in storage/README.md. `$1` … are `args`.
template <class... Args>
rows ask_node(connection& c, query q, const Args&... args) {
  c.see_all();
  return start(c, q, 1, args...);
}

template <class... Args>
std::int64_t run_node(connection& c, query q, const Args&... args) {
  auto result = ask_node(c, q, args...);
  while (result.next()) {
  }
  return c.changes();
}

} // namespace assistly::sql
