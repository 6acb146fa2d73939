#include "protocol/graph/send_result_table.hpp"

namespace assistly::graph {

namespace {

using enum outcome_class;

constexpr std::int32_t any = -1;

struct row {
  std::int32_t first_code;
  std::int32_t last_code;
  std::int32_t subcode;
  error_meaning meaning;
};

constexpr row one(std::int32_t code, outcome_class what,
                  milliseconds wait = milliseconds{0}) {
  return {code, code, any, {what, rate_scope::none, wait}};
}

constexpr row sub(std::int32_t code, std::int32_t subcode, outcome_class what,
                  milliseconds wait = milliseconds{0}) {
  return {code, code, subcode, {what, rate_scope::none, wait}};
}

constexpr row limit(std::int32_t code, rate_scope scope, milliseconds wait) {
  return {code, code, any, {rate_limited, scope, wait}};
}

// Where the contract names no time: what lets a window of some minutes pass.
constexpr milliseconds short_wait = seconds{60};
constexpr milliseconds buc_wait = minutes{5};
constexpr milliseconds first_pause = minutes{30};

/// The first row that fits decides, so subcodes stand before their code and
/// single codes before ranges.
constexpr row table[] = {
  // Token.
  one(190, token_dead),
  one(102, token_dead),
  one(0, token_dead),
  // Window.
  sub(10, 2018278, refused_window),
  sub(10, 2018065, refused_window),
  sub(10, 2534022, refused_window),
  one(131047, refused_window),
  // Person.
  sub(10, 2018108, refused_unreachable),
  sub(200, 1545041, refused_unreachable),
  one(551, refused_unreachable),
  one(131026, refused_unreachable), // undeliverable
  one(131050, refused_unreachable), // opted out
  one(130497, refused_unreachable), // country
  // The channel as a whole.
  sub(10, 1893063, paused, first_pause),  // Page restricted
  sub(100, 2534029, paused, first_pause), // account blocked
  one(368, paused, first_pause),          // policy block
  one(131031, paused, first_pause),       // locked
  one(131042, paused, first_pause),       // payment
  one(131048, paused, first_pause),       // spam limit
  one(133010, paused, first_pause),       // number not registered
  one(133016, paused, hours{72}),         // register limit
  // Permission.
  sub(200, 2534041, permission),
  one(3, permission),
  one(10, permission),
  one(131005, permission),
  // Limits.
  limit(4, rate_scope::app, short_wait),
  limit(17, rate_scope::account, short_wait),
  limit(32, rate_scope::account, short_wait),
  limit(341, rate_scope::account, short_wait),
  limit(613, rate_scope::account, short_wait),
  limit(80001, rate_scope::account, buc_wait),
  limit(80002, rate_scope::account, buc_wait),
  limit(80006, rate_scope::account, buc_wait),
  limit(80007, rate_scope::account, buc_wait),
  limit(80008, rate_scope::account, buc_wait),
  limit(130429, rate_scope::account, seconds{5}),
  limit(131056, rate_scope::pair, seconds{4}),
  one(131057, temporary, short_wait), // maintenance, minutes at most
  // Our request, or what it names.
  sub(100, 2534025, private_reply_spent),
  one(100, refused_permanent), // also 33, 2018001, 2534014, 36009
  one(104, refused_permanent), // no appsecret_proof
  one(506, duplicate_text),
  one(130472, refused_permanent), // experiment
  one(131008, refused_permanent),
  one(131009, refused_permanent),
  one(131021, refused_permanent), // to ourselves
  one(131030, refused_permanent), // number in test mode
  // A cap on marketing, for at least 24 h: by then it is no answer any more.
  one(131049, refused_permanent),
  one(131051, refused_permanent),
  one(131052, refused_permanent),
  one(131053, refused_permanent),
  one(131062, refused_permanent), // no BSUID for this message
  one(132000, refused_permanent),
  one(132001, refused_permanent),
  one(132012, refused_permanent),
  one(132015, refused_permanent),
  one(132016, refused_permanent),
  one(135000, refused_permanent),
  // Nobody knows. With 1/1357046 it was sent: wait for the echo as well.
  one(1, in_doubt),
  one(2, in_doubt),
  one(1200, in_doubt),
  one(131000, in_doubt),
  one(131016, in_doubt),
  one(133004, in_doubt),
  // Permissions by number.
  {200, 299, any, {permission, rate_scope::none, milliseconds{0}}},
};

} // namespace

std::optional<error_meaning> meaning_of(std::int32_t code,
                                        std::int32_t subcode) noexcept {
  for (const auto& r : table)
    if (code >= r.first_code && code <= r.last_code
        && (r.subcode == any || r.subcode == subcode))
      return r.meaning;
  return std::nullopt;
}

} // namespace assistly::graph
