#include "storage/sql/postgres.hpp"

#include "storage/sql/postgres_statement.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <unordered_map>
#include <vector>

namespace assistly::sql {

namespace {

constexpr const char* begin_to_write = "BEGIN";
// One writer at a time, and known to whoever asks what became of a commit: the
// row stays locked until the server is done with this transaction.
constexpr const char* take_mark =
  "SELECT number FROM commit_mark WHERE one = 1 FOR UPDATE";
// NULL is refused, and the commit with it, once another node owns the database.
constexpr const char* raise_mark =
  "UPDATE commit_mark SET number = CASE WHEN owner = $1 THEN number + 1 END "
  "WHERE one = 1";
constexpr const char* keep_mark =
  "UPDATE commit_mark SET number = number WHERE one = 1";
constexpr const char* begin_to_read =
  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* end_whole = "COMMIT";
constexpr const char* end_nothing = "ROLLBACK";
constexpr const char* savepoint = "SAVEPOINT u";
constexpr const char* back_to_savepoint = "ROLLBACK TO u";
constexpr const char* release_savepoint = "RELEASE u";
// For the transaction alone.
constexpr const char* set_scope =
  "SELECT set_config('assistly.tenant', $1, true)";
constexpr const char* find_table =
  "SELECT 1 FROM pg_class WHERE relname = $1 "
  "AND relnamespace = to_regnamespace(current_schema())";

/// The scope that sees every tenant (the policies of postgres_engine.cpp).
constexpr std::int64_t every_tenant = -1;

/// After a refused attempt nobody waits for the next one.
constexpr std::chrono::seconds opens_again_after{1};

// Plans are made once, for any value, and never for a table as empty as it was
// then (FEASIBILITY section 8, pitfall 1). A limit on a statement's time would
// break commits that wait for a standby.
constexpr const char* settings =
  "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; "
  "SET lock_timeout = '10s'; SET plan_cache_mode = force_generic_plan; "
  "SET enable_seqscan = off; SET jit = off; SET search_path = ";

errc code_of(const std::string& state) {
  if (state == "53100")
    return errc::storage_full;
  if (state.starts_with("23"))
    return errc::conflict;
  return errc::storage_failed;
}

failure failure_of(const postgres_trouble& t) {
  if (t.state.empty())
    return {errc::storage_failed, "the connection to the database was lost"};
  if (!t.about.empty())
    return {code_of(t.state), "a statement did not prepare: " + t.about};
  return {code_of(t.state), "a statement failed (PostgreSQL " + t.state + ")"};
}

class postgres_connection final : public connection, postgres_asker {
public:
  explicit postgres_connection(const postgres_options& options)
    : options_(options) {
    open();
  }

  statement& prepared(query q) override {
    auto& slot = statements_[q.text];
    if (!slot)
      slot = std::make_unique<postgres_statement>(
        static_cast<postgres_asker&>(*this), q.text,
        "q" + std::to_string(statements_.size()));
    return *slot;
  }

  void execute(const char* script) override {
    be_ready();
    if (inside_)
      see_all();
    wait();
    auto before = link_.touched();
    auto trouble = link_.execute(script);
    changes_ = link_.touched() - before;
    wrote_ = true;
    if (trouble)
      throw failure_of(*trouble);
  }

  void begin_write() override {
    be_ready();
    begin();
    wrote_ = false;
    mark_ = unknown_mark;
    own(begin_to_write);
    own(take_mark, {}, &mark_);
  }

  void begin_read() override {
    be_ready();
    begin();
    own(begin_to_read);
  }

  void commit() override {
    // Until the mark is known, what became of the commit could not be asked.
    if (mark_ == unknown_mark)
      wait();
    if (!wrote_)
      return roll_back();
    postgres_value owner{postgres_value::form::text, options_.owner};
    own(raise_mark, {&owner, 1});
    auto marked = link_.touched();
    link_.take_warning();
    own(end_whole);
    auto a = link_.wait();
    marks_ += link_.touched() - marked > 0;
    if (!a.trouble && link_.take_warning())
      throw doubt("a commit waits for its standby in vain");
    if (a.trouble && is_unknown(*a.trouble))
      throw doubt("the answer to a commit was lost");
    if (a.trouble && a.trouble->state == "23502" && a.trouble->earlier)
      throw failure{errc::storage_failed,
                    "another server has taken the database over; this one "
                    "writes nothing any more and must be stopped"};
    if (a.trouble)
      throw failure_of(*a.trouble);
    inside_ = false;
    // An aborted transaction ends without an error.
    if (std::string_view{PQcmdStatus(a.rows.get())} != "COMMIT")
      throw failure{errc::storage_failed, "a commit was rolled back"};
  }

  void roll_back() noexcept override {
    if (!inside_)
      return;
    inside_ = false;
    late_.reset();
    try {
      own(end_nothing);
      link_.wait();
    } catch (const std::exception&) {
      // Only memory can have run out. The server rolls back what it is not
      // told to commit, once the connection goes.
      lost_ = true;
    }
  }

  bool has_committed() override {
    roll_back();
    be_ready();
    std::int64_t found = unknown_mark;
    begin();
    own(begin_to_write);
    // Waits for the transaction in doubt, if the server still has it.
    own(take_mark, {}, &found);
    wait();
    // Written once more: when this commit is where it must be, so is the other.
    own(keep_mark);
    link_.take_warning();
    own(end_whole);
    auto a = link_.wait();
    inside_ = false;
    if (a.trouble)
      throw failure_of(*a.trouble);
    if (link_.take_warning())
      throw failure{errc::storage_failed, "the standby does not answer"};
    return found == doubted_ + 1;
  }

  void begin_unit() override {
    own(savepoint);
  }

  void undo_unit() override {
    // Whose it was is not known: the whole transaction goes.
    if (late_)
      throw *late_;
    own(back_to_savepoint);
    scope_ = no_scope;
  }

  void end_unit() override {
    own(release_savepoint);
  }

  void see_only(tenant_id tenant) override {
    see(tenant.value);
  }

  void see_all() override {
    see(every_tenant);
  }

  bool has_table(const char* name) override {
    be_ready();
    postgres_value wanted{postgres_value::form::text, name};
    own(find_table, {&wanted, 1});
    auto found = wait();
    return PQntuples(found.get()) > 0;
  }

  std::int64_t changes() const override {
    return changes_;
  }

  std::int64_t all_changes() const override {
    return link_.touched() - marks_;
  }

  std::string plan(query q) override;

private:
  postgres_result run(postgres_text& text,
                      std::span<const postgres_value> values) override {
    be_ready();
    auto before = link_.touched();
    link_.queue(text, values);
    auto result = wait();
    wrote_ |= link_.touched() != before;
    return result;
  }

  void send(postgres_text& text,
            std::span<const postgres_value> values) override {
    if (!inside_) {
      run(text, values);
      return;
    }
    be_ready();
    link_.queue(text, values);
    wrote_ = true;
  }

  static constexpr std::int64_t unknown_mark = -1;
  static constexpr std::int64_t no_scope = -2;

  /// Whether a COMMIT that came back so may stand all the same.
  static bool is_unknown(const postgres_trouble& t) {
    return !t.earlier
           && (t.state.empty() || t.state.starts_with("57")
               || t.state.starts_with("08") || t.state == "40003");
  }

  commit_in_doubt doubt(const char* why) {
    doubted_ = mark_;
    inside_ = false;
    return {errc::storage_failed, why};
  }

  void open() {
    auto now = std::chrono::steady_clock::now();
    if (now < not_before_)
      throw failure{errc::storage_failed, "the database cannot be reached"};
    std::string why;
    if (!link_.open(options_.url, why)) {
      not_before_ = now + opens_again_after;
      throw failure{errc::storage_failed,
                    "the database cannot be reached: " + why};
    }
    lost_ = false;
    auto script = settings + options_.schema;
    if (options_.read_only)
      script += "; SET default_transaction_read_only = on";
    if (auto trouble = link_.execute(script.c_str()))
      throw failure_of(*trouble);
  }

  /// Between transactions a lost connection is opened again; within one it is
  /// the end of it.
  void be_ready() {
    if (!lost_ && !link_.is_lost())
      return;
    if (inside_)
      throw failure_of({});
    open();
  }

  void begin() {
    inside_ = true;
    late_.reset();
    scope_ = no_scope;
  }

  void own(const char* text, std::span<const postgres_value> values = {},
           std::int64_t* number = nullptr) {
    auto& known = own_[text];
    if (!known.text) {
      known.text = text;
      known.name = "o" + std::to_string(own_.size());
    }
    link_.queue(known, values, number);
  }

  void see(std::int64_t scope) {
    be_ready();
    // Outside of a transaction it holds for one statement.
    if (inside_ && scope == scope_)
      return;
    postgres_value value{postgres_value::form::text, std::to_string(scope)};
    own(set_scope, {&value, 1});
    scope_ = scope;
  }

  postgres_result wait() {
    auto a = link_.wait();
    changes_ = a.touched;
    if (!a.trouble)
      return std::move(a.rows);
    auto why = failure_of(*a.trouble);
    if (a.trouble->earlier)
      late_ = why;
    throw why;
  }

  postgres_options options_;
  postgres_link link_;
  std::unordered_map<const char*, std::unique_ptr<postgres_statement>>
    statements_;
  std::unordered_map<const char*, postgres_text> own_;
  std::chrono::steady_clock::time_point not_before_{};
  bool lost_ = false;
  bool inside_ = false;
  bool wrote_ = false;
  /// A queued statement failed, found with one that came after it.
  std::optional<failure> late_;
  std::int64_t scope_ = no_scope;
  std::int64_t mark_ = unknown_mark;
  std::int64_t doubted_ = unknown_mark;
  std::int64_t marks_ = 0;
  int plans_ = 0;
  std::int64_t changes_ = 0;
};

std::string postgres_connection::plan(query q) {
  int highest = 0;
  for (std::string_view rest{q.text}; !rest.empty(); rest.remove_prefix(1))
    if (rest[0] == '$')
      highest = std::max(highest, std::atoi(rest.data() + 1));
  auto script = "PREPARE asked AS " + std::string{q.text};
  execute(script.c_str());
  script = "EXPLAIN EXECUTE asked";
  for (int n = 1; n <= highest; ++n)
    script += n == 1 ? "(NULL" : ", NULL";
  if (highest > 0)
    script += ")";
  std::string lines;
  {
    see_all();
    postgres_statement explain{*this, script.c_str(),
                               "e" + std::to_string(++plans_)};
    while (explain.step()) {
      lines += explain.bytes(0);
      lines += '\n';
    }
  }
  execute("DEALLOCATE asked");
  return lines;
}

} // namespace

std::unique_ptr<connection> open_postgres(const postgres_options& options) {
  return std::make_unique<postgres_connection>(options);
}

} // namespace assistly::sql
