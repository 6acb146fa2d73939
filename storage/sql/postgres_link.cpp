#include "storage/sql/postgres_link.hpp"

#include <charconv>
#include <utility>
#include <vector>

namespace assistly::sql {

namespace {

// The object ids of the types, which never change (pg_type.dat).
constexpr Oid bool_type = 16;
constexpr Oid bytes_type = 17;
constexpr Oid int8_type = 20;
constexpr Oid int2_type = 21;
constexpr Oid int4_type = 23;
constexpr Oid text_type = 25;

Oid type_of(postgres_value::form what) {
  switch (what) {
  case postgres_value::form::integer:
    return int8_type;
  case postgres_value::form::bytes:
    return bytes_type;
  case postgres_value::form::text:
    return text_type;
  case postgres_value::form::null:
    break;
  }
  return 0; // The server finds out from where it stands.
}

std::string field(const PGresult* r, int which) {
  const char* text = PQresultErrorField(r, which);
  return text ? text : "";
}

std::int64_t touched_by(PGresult* r) {
  std::string_view what{PQcmdStatus(r)};
  if (!what.starts_with("INSERT") && !what.starts_with("UPDATE")
      && !what.starts_with("DELETE"))
    return 0;
  std::string_view count{PQcmdTuples(r)};
  std::int64_t n = 0;
  std::from_chars(count.data(), count.data() + count.size(), n);
  return n;
}

bool is_good(ExecStatusType status) {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

} // namespace

postgres_link::~postgres_link() = default;

bool postgres_link::open(const std::string& url, std::string& why) {
  queued_.clear();
  broken_ = false;
  warned_ = false;
  ++life_;
  // What the URL says itself goes before these. A server that is gone without
  // a word is noticed within seconds, not hours.
  const char* names[] = {
    "connect_timeout",  "keepalives_idle",  "keepalives_interval",
    "keepalives_count", "tcp_user_timeout", "application_name",
    "dbname",           "client_encoding",  nullptr};
  const char* values[] = {"5",        "10",        "5",    "3",    "15000",
                          "assistly", url.c_str(), "UTF8", nullptr};
  conn_.reset(PQconnectdbParams(names, values, 1));
  if (is_lost()) {
    why = conn_ ? PQerrorMessage(conn_.get()) : "no memory";
    while (!why.empty() && (why.back() == '\n' || why.back() == ' '))
      why.pop_back();
    conn_.reset();
    return false;
  }
  PQsetNoticeReceiver(conn_.get(), hear, this);
  PQenterPipelineMode(conn_.get());
  return true;
}

bool postgres_link::is_lost() const noexcept {
  return !conn_ || broken_ || PQstatus(conn_.get()) != CONNECTION_OK;
}

void postgres_link::hear(void* self, const PGresult* notice) {
  if (field(notice, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING")
    static_cast<postgres_link*>(self)->warned_ = true;
}

bool postgres_link::take_warning() noexcept {
  return std::exchange(warned_, false);
}

void postgres_link::queue(postgres_text& t,
                          std::span<const postgres_value> values,
                          std::int64_t* first_number) {
  if (is_lost())
    return;
  const auto count = static_cast<int>(values.size());
  if (t.known_in != life_) {
    std::vector<Oid> types;
    for (const auto& v : values)
      types.push_back(type_of(v.what));
    if (PQsendPrepare(conn_.get(), t.name.c_str(), t.text, count, types.data())
        != 1) {
      broken_ = true;
      return;
    }
    t.known_in = life_;
    queued_.push_back({&t, nullptr});
  }
  std::vector<const char*> at;
  std::vector<int> lengths;
  std::vector<int> binary;
  for (const auto& v : values) {
    at.push_back(v.what == postgres_value::form::null ? nullptr
                                                      : v.buffer.c_str());
    lengths.push_back(static_cast<int>(v.buffer.size()));
    binary.push_back(v.what == postgres_value::form::bytes);
  }
  if (PQsendQueryPrepared(conn_.get(), t.name.c_str(), count, at.data(),
                          lengths.data(), binary.data(), 1)
      != 1)
    broken_ = true;
  else
    queued_.push_back({nullptr, first_number});
}

void postgres_link::note_trouble(const entry& e, const PGresult* r, bool last,
                                 answer& into) {
  if (e.learns)
    e.learns->known_in = 0;
  if (into.trouble || PQresultStatus(r) == PGRES_PIPELINE_ABORTED)
    return;
  postgres_trouble t;
  t.state = field(r, PG_DIAG_SQLSTATE);
  // What a statement does not get past at its preparation is its text alone.
  if (e.learns)
    t.about = field(r, PG_DIAG_MESSAGE_PRIMARY);
  t.earlier = !last;
  into.trouble = std::move(t);
}

/// The results of one statement, up to the null that ends them.
void postgres_link::read(const entry& e, bool last, answer& into) {
  while (auto* next = PQgetResult(conn_.get())) {
    postgres_result r{next};
    if (!is_good(PQresultStatus(next))) {
      note_trouble(e, next, last, into);
      if (is_lost())
        return;
      continue;
    }
    auto touched = touched_by(next);
    touched_ += touched;
    if (last)
      into.touched = touched;
    if (e.first_number && PQntuples(next) > 0)
      *e.first_number = integer_of(next, 0, 0).value_or(-1);
    if (last && !e.learns)
      into.rows = std::move(r);
  }
}

postgres_link::answer postgres_link::wait() {
  answer a;
  if (!is_lost() && PQpipelineSync(conn_.get()) != 1)
    broken_ = true;
  // The preparation of the last statement belongs to it.
  auto own =
    queued_.size() >= 2 && queued_[queued_.size() - 2].learns ? 2u : 1u;
  while (!queued_.empty() && !is_lost()) {
    auto e = queued_.front();
    bool last = queued_.size() <= own;
    queued_.pop_front();
    read(e, last, a);
  }
  if (!is_lost()) {
    postgres_result end{PQgetResult(conn_.get())};
    if (!end || PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC)
      broken_ = true;
  }
  queued_.clear();
  if (is_lost()) {
    a.rows.reset();
    // What the server said last may tell why it is gone, not what became of
    // the statement.
    a.trouble = postgres_trouble{};
  } else if (a.trouble) {
    a.rows.reset();
  }
  return a;
}

std::optional<postgres_trouble> postgres_link::execute(const char* script) {
  if (is_lost() || PQexitPipelineMode(conn_.get()) != 1)
    return postgres_trouble{};
  postgres_result r{PQexec(conn_.get(), script)};
  std::optional<postgres_trouble> trouble;
  if (!r || !is_good(PQresultStatus(r.get())))
    trouble = postgres_trouble{r ? field(r.get(), PG_DIAG_SQLSTATE) : "", {}};
  else
    touched_ += touched_by(r.get());
  if (!is_lost() && PQenterPipelineMode(conn_.get()) != 1)
    broken_ = true;
  if (is_lost())
    return postgres_trouble{};
  return trouble;
}

std::string place_in(const std::string& url) {
  char* refused = nullptr;
  auto* all = PQconninfoParse(url.c_str(), &refused);
  std::string database;
  std::string host = "this machine";
  for (auto* o = all; o && o->keyword; ++o) {
    if (!o->val)
      continue;
    std::string_view name{o->keyword};
    if (name == "dbname")
      database = o->val;
    else if (name == "host")
      host = o->val;
    else if (name == "port")
      host += std::string{":"} + o->val;
  }
  PQconninfoFree(all);
  PQfreemem(refused);
  return "PostgreSQL " + (database.empty() ? "" : database + " ") + "on "
         + host;
}

std::optional<std::int64_t> integer_of(const PGresult* r, int row, int column) {
  if (PQgetisnull(r, row, column))
    return 0;
  auto type = PQftype(r, column);
  if (type != int8_type && type != int4_type && type != int2_type
      && type != bool_type)
    return std::nullopt;
  const auto* at =
    reinterpret_cast<const unsigned char*>(PQgetvalue(r, row, column));
  const int size = PQgetlength(r, row, column);
  // The sign is the first byte's, but for a bool, which has none.
  std::uint64_t value = type != bool_type && (at[0] & 0x80) ? ~0ull : 0;
  for (int i = 0; i < size; ++i)
    value = value << 8 | at[i];
  return static_cast<std::int64_t>(value);
}

} // namespace assistly::sql
