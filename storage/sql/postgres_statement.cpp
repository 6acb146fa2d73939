#include "storage/sql/postgres_statement.hpp"

namespace assistly::sql {

postgres_value& postgres_statement::set(int n, postgres_value::form what) {
  if (n < 1)
    throw failure{errc::internal, "a statement has no such parameter"};
  if (values_.size() < static_cast<std::size_t>(n))
    values_.resize(static_cast<std::size_t>(n));
  auto& v = values_[static_cast<std::size_t>(n - 1)];
  v.what = what;
  return v;
}

void postgres_statement::bind_integer(int n, std::int64_t value) {
  set(n, postgres_value::form::integer).buffer = std::to_string(value);
}

void postgres_statement::bind_bytes(int n, std::string_view value) {
  set(n, postgres_value::form::bytes).buffer = value;
}

void postgres_statement::bind_text(int n, std::string_view value) {
  set(n, postgres_value::form::text).buffer = value;
}

void postgres_statement::bind_null(int n) {
  set(n, postgres_value::form::null);
}

bool postgres_statement::step() {
  if (!result_) {
    result_ = asker_->run(text_, values_);
    row_ = 0;
  } else {
    ++row_;
  }
  return row_ < PQntuples(result_.get());
}

void postgres_statement::send() {
  try {
    asker_->send(text_, values_);
  } catch (const failure&) {
    reset();
    throw;
  }
  reset();
}

void postgres_statement::reset() noexcept {
  result_.reset();
  for (auto& v : values_)
    v.what = postgres_value::form::null;
}

std::int64_t postgres_statement::integer(int column) const {
  auto value = integer_of(result_.get(), row_, column);
  if (!value)
    throw failure{errc::internal, "a column that holds no number"};
  return *value;
}

std::string_view postgres_statement::bytes(int column) const {
  return {PQgetvalue(result_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

bool postgres_statement::is_null(int column) const {
  return PQgetisnull(result_.get(), row_, column) != 0;
}

} // namespace assistly::sql
