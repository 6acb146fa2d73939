/// One prepared statement of PostgreSQL: its values on the way there, its rows
/// on the way back.
#pragma once

#include "storage/sql/connection.hpp"
#include "storage/sql/postgres_link.hpp"

#include <span>
#include <string>
#include <vector>

namespace assistly::sql {

/// Who runs a statement: its connection.
class postgres_asker {
public:
  /// What it asks for. Throws `failure`.
  virtual postgres_result run(postgres_text& text,
                              std::span<const postgres_value> values) = 0;
  /// As `statement::send`.
  virtual void send(postgres_text& text,
                    std::span<const postgres_value> values) = 0;

protected:
  ~postgres_asker() = default;
};

class postgres_statement final : public statement {
public:
  /// `text` outlives it.
  postgres_statement(postgres_asker& asker, const char* text, std::string name)
    : asker_(&asker), text_{text, std::move(name)} {}

  void bind_integer(int n, std::int64_t value) override;
  void bind_bytes(int n, std::string_view value) override;
  void bind_text(int n, std::string_view value) override;
  void bind_null(int n) override;
  bool step() override;
  void send() override;
  void reset() noexcept override;
  std::int64_t integer(int column) const override;
  std::string_view bytes(int column) const override;
  bool is_null(int column) const override;

private:
  postgres_value& set(int n, postgres_value::form what);

  postgres_asker* asker_;
  postgres_text text_;
  std::vector<postgres_value> values_;
  postgres_result result_;
  int row_ = 0;
};

} // namespace assistly::sql
