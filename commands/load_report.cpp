#include "commands/load_report.hpp"

#include "commands/load_body.hpp"
#include "commands/load_socket.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace assistly::commands {

namespace {

std::string number(double value, int decimals) {
  std::array<char, 64> text{};
  const int size =
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

double in_mib(std::int64_t bytes) {
  return static_cast<double>(bytes) / (1024.0 * 1024.0);
}

double per_second(const load_options& o, const load_result& r) {
  return static_cast<double>(r.counts.acked)
         / static_cast<double>(o.duration.count());
}

std::uint64_t errors_of(const load_counts& c) {
  return c.refused_in_all + c.broken_in_all + c.connect_failed_in_all
         + c.unanswered;
}

std::optional<std::int64_t> answers_since(const load_sight& from,
                                          const load_sight& to) {
  if (!from.answers || !to.answers)
    return std::nullopt;
  return *to.answers - *from.answers;
}

fault unreachable(const load_target& target) {
  return {errc::network_failed, "No answer from http://" + target.host + "."};
}

/// GETs `path` at the target and returns the body of a 200. Blocks, at most
/// 2 s for each step. errc::network_failed for everything else.
outcome<std::string> fetch_once(const load_target& target,
                                std::string_view path) {
  const descriptor socket{
    ::socket(target.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const timeval longest{2, 0};
  const auto request = "GET " + std::string{path} + " HTTP/1.1\r\nHost: "
                       + target.host + "\r\nConnection: close\r\n\r\n";
  if (!socket)
    return unreachable(target);
  // On Linux the send timeout bounds connect(), too (socket(7)).
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  if (::connect(socket.get(),
                reinterpret_cast<const sockaddr*>(&target.address),
                target.address_size)
        != 0
      || ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL)
           != static_cast<ssize_t>(request.size()))
    return unreachable(target);
  std::string in;
  for (;;) {
    const auto read = read_head(in);
    if (read.broken || (read.head && read.head->status != 200))
      return fault{errc::network_failed, "http://" + target.host
                                           + std::string{path}
                                           + " does not answer 200."};
    if (read.head && in.size() >= read.head->head_size + read.head->body_size)
      return in.substr(read.head->head_size, read.head->body_size);
    std::array<char, 16384> buffer;
    const auto got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0)
      return unreachable(target);
    in.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

outcome<std::string> ask(const std::string& url, std::string_view path) {
  const auto side = find_target(url);
  if (!side)
    return side.error();
  return fetch_once(*side, path);
}

} // namespace

std::optional<process_figures> look_at_process(long pid) {
  const auto folder = "/proc/" + std::to_string(pid);
  std::ifstream memory{folder + "/statm"};
  std::int64_t all = 0;
  std::int64_t resident = 0;
  std::ifstream times{folder + "/stat"};
  const std::string stat{std::istreambuf_iterator<char>{times}, {}};
  // The name, in parentheses, may hold anything; utime and stime are fields 14
  // and 15, the state after the name is field 3.
  const auto name_end = stat.rfind(')');
  if (!(memory >> all >> resident) || name_end == std::string::npos)
    return std::nullopt;
  std::istringstream fields{stat.substr(name_end + 1)};
  std::string skipped;
  for (int field = 3; field < 14; ++field)
    fields >> skipped;
  double user = 0;
  double system = 0;
  if (!(fields >> user >> system))
    return std::nullopt;
  return process_figures{resident * ::sysconf(_SC_PAGESIZE),
                         (user + system)
                           / static_cast<double>(::sysconf(_SC_CLK_TCK))};
}

std::optional<double> metric_in(std::string_view page, std::string_view name) {
  std::optional<double> sum;
  while (!page.empty()) {
    const auto line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(line.size() + 1, page.size()));
    if (!line.starts_with(name) || line.size() == name.size()
        || (line[name.size()] != ' ' && line[name.size()] != '{'))
      continue;
    const auto value = line.substr(line.rfind(' ') + 1);
    double read = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), read).ec
        == std::errc{})
      sum = sum.value_or(0) + read;
  }
  return sum;
}

std::optional<std::int64_t> answers_in(std::string_view stats) {
  // The first `accepted` is the sends'; that of the webhooks stands deeper and
  // later.
  constexpr std::string_view key = "\"accepted\":";
  const auto at = stats.find(key);
  std::int64_t value = 0;
  if (at == std::string_view::npos
      || std::from_chars(stats.data() + at + key.size(),
                         stats.data() + stats.size(), value)
             .ec
           != std::errc{})
    return std::nullopt;
  return value;
}

outcome<load_sight> load_watch::look(const load_options& options) {
  load_sight sight;
  if (!options.operations_url.empty()) {
    const auto page = ask(options.operations_url, "/metrics");
    if (!page)
      return page.error();
    sight.journal = metric_in(*page, "assistly_inbox_backlog");
    if (!sight.journal)
      return fault{errc::network_failed,
                   "The metrics have no assistly_inbox_backlog."};
  }
  if (!options.sandbox_url.empty()) {
    const auto stats = ask(options.sandbox_url, "/sandbox/stats");
    if (!stats)
      return stats.error();
    sight.answers = answers_in(*stats);
    if (!sight.answers)
      return fault{errc::network_failed,
                   "The stand-in's statistics have no count of answers."};
  }
  if (options.pid != 0) {
    sight.process = look_at_process(options.pid);
    if (!sight.process)
      return fault{errc::not_found,
                   "There is no process " + std::to_string(options.pid) + "."};
  }
  return sight;
}

load_watch::load_watch(const load_options& options) : options_(&options) {
  if (options.operations_url.empty() && options.pid == 0)
    return;
  thread_ = std::thread{[this] { loop(); }};
}

load_watch::~load_watch() {
  stop();
}

void load_watch::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

void load_watch::loop() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    lock.unlock();
    // A look that fails while the server is under load says nothing of the
    // highest value; the looks before and after must succeed.
    if (const auto sight = look(*options_)) {
      highest_journal_ = std::max(highest_journal_, sight->journal.value_or(0));
      if (sight->process)
        highest_resident_ =
          std::max(highest_resident_, sight->process->resident_bytes);
    }
    lock.lock();
    wake_.wait_for(lock, seconds{1}, [this] { return stopping_; });
  }
}

std::string report_text(const load_options& options,
                        const load_result& result) {
  const auto& c = result.counts;
  std::string out;
  const auto line = [&out](std::string_view name, const std::string& value) {
    out.append(name).append(18 - std::min<std::size_t>(name.size(), 17), ' ');
    out.append(value).append("\n");
  };
  line("load", (options.rate > 0 ? "open, " + number(options.rate, 0) + "/s"
                                 : std::string{"closed"})
                 + ", " + std::to_string(options.connections) + " connections, "
                 + std::to_string(options.conversations) + " conversations, "
                 + std::to_string(options.duration.count()) + " s");
  line("acknowledged", number(per_second(options, result), 0) + "/s ("
                         + std::to_string(c.acked) + ")");
  line("acknowledged in",
       "p50 " + number(c.times.quantile_ms(0.5), 2) + " ms, p99 "
         + number(c.times.quantile_ms(0.99), 2) + " ms, p99.9 "
         + number(c.times.quantile_ms(0.999), 2) + " ms, longest "
         + number(c.times.longest_ms(), 2) + " ms");
  line("errors", std::to_string(errors_of(c)) + " (refused "
                   + std::to_string(c.refused_in_all)
                   + (c.refused_with != 0
                        ? ", last with " + std::to_string(c.refused_with)
                        : std::string{})
                   + "; broken " + std::to_string(c.broken_in_all)
                   + "; not connected "
                   + std::to_string(c.connect_failed_in_all) + "; unanswered "
                   + std::to_string(c.unanswered) + ")");
  if (c.overdue > 0)
    line("never sent",
         std::to_string(c.overdue) + " that were due: no connection was free");
  line("with warm-up", std::to_string(c.sent_in_all) + " sent, "
                         + std::to_string(c.acked_in_all) + " acknowledged");
  if (result.after_load.journal)
    line("journal", number(result.before.journal.value_or(0), 0) + " before, "
                      + number(result.highest_journal, 0) + " at the highest, "
                      + number(*result.after_load.journal, 0) + " after, "
                      + number(result.after_settle.journal.value_or(0), 0)
                      + " at the end");
  if (const auto in_load = answers_since(result.before, result.after_load))
    line("answers",
         std::to_string(*in_load) + " during the load, "
           + std::to_string(
             answers_since(result.before, result.after_settle).value_or(0))
           + " at the end");
  if (options.settle.count() > 0)
    line("settled",
         result.settled
           ? "after " + number(result.settled_seconds, 1) + " s"
           : "not within " + std::to_string(options.settle.count()) + " s");
  if (result.before.process && result.after_load.process)
    line("server", number(in_mib(result.before.process->resident_bytes), 1)
                     + " MiB before, "
                     + number(in_mib(result.highest_resident), 1)
                     + " MiB at the highest; "
                     + number(result.after_load.process->cpu_seconds
                                - result.before.process->cpu_seconds,
                              2)
                     + " s of processor time");
  line("generator",
       number(result.generator_cpu_seconds, 2) + " s of processor time");
  out.pop_back(); // Whoever prints it ends the last line.
  return out;
}

std::string report_json(const load_options& options,
                        const load_result& result) {
  const auto& c = result.counts;
  const auto whole = [](auto value) { return std::to_string(value); };
  std::string out = R"({"url":")" + json_escaped(options.url) + R"(","mode":")"
                    + (options.rate > 0 ? "open" : "closed") + R"(","rate":)"
                    + number(options.rate, 3);
  const auto field = [&out](std::string_view name, const std::string& value) {
    out.append(",\"").append(name).append("\":").append(value);
  };
  field("connections", whole(options.connections));
  field("conversations", whole(options.conversations));
  field("seconds", whole(options.duration.count()));
  field("started_at_us", whole(c.started_at_us));
  field("acked", whole(c.acked));
  field("acked_per_second", number(per_second(options, result), 1));
  field("ack_ms", "{\"count\":" + whole(c.times.count())
                    + ",\"p50\":" + number(c.times.quantile_ms(0.5), 3)
                    + ",\"p99\":" + number(c.times.quantile_ms(0.99), 3)
                    + ",\"p99_9\":" + number(c.times.quantile_ms(0.999), 3)
                    + ",\"max\":" + number(c.times.longest_ms(), 3) + "}");
  field("in_all", "{\"sent\":" + whole(c.sent_in_all)
                    + ",\"acked\":" + whole(c.acked_in_all) + "}");
  field("errors", "{\"count\":" + whole(errors_of(c))
                    + ",\"refused\":" + whole(c.refused_in_all)
                    + ",\"refused_with\":" + whole(c.refused_with)
                    + ",\"broken\":" + whole(c.broken_in_all)
                    + ",\"not_connected\":" + whole(c.connect_failed_in_all)
                    + ",\"unanswered\":" + whole(c.unanswered) + "}");
  field("overdue", whole(c.overdue));
  if (result.after_load.journal)
    field("journal",
          "{\"before\":" + number(result.before.journal.value_or(0), 0)
            + ",\"highest\":" + number(result.highest_journal, 0)
            + ",\"after_load\":" + number(*result.after_load.journal, 0)
            + ",\"at_end\":"
            + number(result.after_settle.journal.value_or(0), 0) + "}");
  if (const auto in_load = answers_since(result.before, result.after_load))
    field(
      "answers",
      "{\"during_load\":" + whole(*in_load) + ",\"at_end\":"
        + whole(answers_since(result.before, result.after_settle).value_or(0))
        + "}");
  field("settled", result.settled ? "true" : "false");
  field("settled_seconds", number(result.settled_seconds, 3));
  if (result.before.process && result.after_load.process)
    field("server", "{\"resident_bytes_before\":"
                      + whole(result.before.process->resident_bytes)
                      + ",\"resident_bytes_highest\":"
                      + whole(result.highest_resident) + ",\"cpu_seconds\":"
                      + number(result.after_load.process->cpu_seconds
                                 - result.before.process->cpu_seconds,
                               2)
                      + "}");
  field("generator_cpu_seconds", number(result.generator_cpu_seconds, 2));
  return out + "}";
}

} // namespace assistly::commands
