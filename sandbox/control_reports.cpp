/// What was asked of the Graph side, as JSON.
#include "protocol/json/writer.hpp"
#include "sandbox/control_api.hpp"

namespace assistly::sandbox {

namespace {

constexpr std::size_t most_at_once = 1000;

void write_call(json::json_writer& out, const observed_call& one) {
  out.open().number("n", static_cast<std::int64_t>(one.number));
  out.number("at_us", one.at_us).text("method", one.method);
  out.text("path", one.path).text("token_in", one.token_in);
  out.flag("appsecret_proof", one.proof);
  if (one.channel)
    out.text("channel", to_string(*one.channel));
  out.text_if("account_id", one.account_id);
  out.text_if("recipient", one.recipient);
  out.text_if("comment_id", one.comment_id).text_if("text", one.text);
  out.text_if("metadata", one.metadata).text_if("fault", one.fault);
  out.flag("send", one.is_send).flag("accepted", one.accepted);
  out.key("result").open().number("status", one.status);
  if (one.code != 0)
    out.number("code", one.code);
  if (one.subcode != 0)
    out.number("subcode", one.subcode);
  out.text_if("id", one.id).close().close();
}

std::int64_t as_number(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}

} // namespace

std::string requests_json(const recording& record, std::uint64_t after) {
  json::json_writer out{json::json_form::utf8};
  out.open().key("requests").open_list();
  std::uint64_t next = after;
  std::size_t written = 0;
  for (const auto& one : record.calls()) {
    if (one.number <= after)
      continue;
    if (written++ == most_at_once)
      break;
    write_call(out, one);
    next = one.number;
  }
  out.close_list().number("next", as_number(next));
  out.flag("recording", record.keeps()).close();
  return std::move(out).take();
}

std::string stats_json(sandbox_world& world, const control_facts& facts) {
  const auto& counts = world.record().counts();
  const auto& times = world.record().answer_times();
  const auto& hooks = world.webhook_totals();
  json::json_writer out{json::json_form::utf8};
  out.open().number("calls", as_number(counts.calls));
  out.number("sends", as_number(counts.sends));
  out.number("accepted", as_number(counts.accepted));
  out.number("refused", as_number(counts.refused));
  out.number("duplicates", as_number(counts.duplicates));
  out.key("accepted_by_channel").open();
  for (const auto kind : all_channel_kinds)
    out.number(
      to_string(kind),
      as_number(counts.accepted_by_channel[static_cast<std::size_t>(kind)]));
  out.close().key("answer_us").open().number("count", as_number(times.count()));
  out.number("p50", times.quantile(0.5)).number("p99", times.quantile(0.99));
  out.number("max", times.longest()).close();
  out.key("webhooks").open().number("queued", as_number(hooks.queued));
  out.number("attempts", as_number(hooks.attempts));
  out.number("accepted", as_number(hooks.accepted));
  out.number("failed", as_number(hooks.failed));
  out.number("dropped", as_number(hooks.dropped));
  out.number("waiting", as_number(world.webhooks_waiting()));
  out.text("handshake", facts.handshake).close();
  out.flag("recording", world.record().keeps()).close();
  return std::move(out).take();
}

} // namespace assistly::sandbox
