#include "commands/load.hpp"

#include "commands/load_report.hpp"
#include "crypto/random.hpp"

#include <array>
#include <sys/resource.h>
#include <thread>

namespace assistly::commands {

namespace {

std::optional<fault> check(const load_options& o) {
  const auto wrong = [](std::string text) {
    return fault{errc::invalid, std::move(text)};
  };
  if (o.connections < 1 || o.connections > 10'000)
    return wrong("Connections must be from 1 to 10000.");
  if (o.conversations < 1)
    return wrong("There must be at least one conversation.");
  if (!(o.rate >= 0 && o.rate <= 1e6))
    return wrong("The rate must be from 0 to 1000000 a second.");
  if (o.duration < seconds{1} || o.warm_up < seconds{0}
      || o.settle < seconds{0})
    return wrong("The load must last at least a second.");
  if (o.plain)
    return std::nullopt;
  if (o.app_secret.empty())
    return wrong("Without an app secret no webhook can be signed.");
  if (o.account_id.empty()
      || o.account_id.find_first_not_of("0123456789") != std::string::npos)
    return wrong("The account must be a Page's id, in digits.");
  return std::nullopt;
}

/// A name no other run has, so that its messages are never duplicates.
std::string run_name() {
  crypto::system_random random;
  std::array<std::byte, 8> bytes{};
  random.fill(bytes);
  return crypto::to_hex(bytes);
}

double own_cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto in_seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return in_seconds(used.ru_utime) + in_seconds(used.ru_stime);
}

/// Asks again and again until nothing is owed and nothing more arrives.
outcome<load_sight> wait_until_settled(const load_options& o, load_sight sight,
                                       bool& settled) {
  constexpr milliseconds pause{500};
  const auto until = std::chrono::steady_clock::now() + o.settle;
  while (std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(pause);
    auto next = load_watch::look(o);
    if (!next)
      return next.error();
    const bool same = next->answers == sight.answers;
    sight = *next;
    if (same && sight.journal.value_or(0) <= 0) {
      settled = true;
      break;
    }
  }
  return sight;
}

} // namespace

outcome<std::string> run_load(const load_options& options) {
  if (auto wrong = check(options))
    return *std::move(wrong);
  const auto target = find_target(options.url);
  if (!target)
    return target.error();
  load_result result;
  const auto before = load_watch::look(options);
  if (!before)
    return before.error();
  result.before = *before;

  webhook_source source{{target->host, target->path, options.account_id,
                         options.text, run_name(),
                         static_cast<std::uint64_t>(options.conversations),
                         options.plain ? std::string{} : options.app_secret}};
  {
    load_watch watch{options};
    const auto used_before = own_cpu_seconds();
    auto counts = drive_load(
      {options.connections, options.rate, options.duration, options.warm_up},
      *target, source);
    result.generator_cpu_seconds = own_cpu_seconds() - used_before;
    watch.stop();
    if (!counts)
      return counts.error();
    result.counts = *std::move(counts);
    result.highest_journal = watch.highest_journal();
    result.highest_resident = watch.highest_resident();
  }
  const auto ended = std::chrono::steady_clock::now();
  const auto after = load_watch::look(options);
  if (!after)
    return after.error();
  result.after_load = *after;
  const auto settled =
    wait_until_settled(options, result.after_load, result.settled);
  if (!settled)
    return settled.error();
  result.after_settle = *settled;
  result.settled_seconds =
    std::chrono::duration<double>(std::chrono::steady_clock::now() - ended)
      .count();
  return options.json ? report_json(options, result)
                      : report_text(options, result);
}

} // namespace assistly::commands
