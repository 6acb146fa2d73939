#include "protocol/graph/send_result.hpp"

#include "protocol/graph/send_result_table.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace assistly::graph {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_answer = 1UL << 20;
constexpr std::size_t longest_id = 1024;
constexpr std::size_t longest_trace = 64;

const json::object* object_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

/// The first element of an array of objects.
const json::object* first_of(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  const auto* list = value == nullptr ? nullptr : value->if_array();
  return list == nullptr || list->empty() ? nullptr : list->front().if_object();
}

/// An id as text; empty for anything that is none.
std::string id_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  if (value == nullptr)
    return {};
  if (const auto* number = value->if_int64())
    return *number > 0 ? std::to_string(*number) : std::string{};
  if (const auto* number = value->if_uint64())
    return std::to_string(*number);
  const auto* text = value->if_string();
  const bool usable = text != nullptr && text->size() <= longest_id
                      && std::ranges::none_of(*text, [](char c) {
                           return static_cast<unsigned char>(c) < 0x20;
                         });
  return usable ? std::string{*text} : std::string{};
}

std::optional<std::int32_t> code_at(const json::object& from,
                                    std::string_view key) {
  const auto* value = from.if_contains(key);
  const auto* number = value == nullptr ? nullptr : value->if_int64();
  if (number == nullptr || *number < 0
      || *number > std::numeric_limits<std::int32_t>::max())
    return std::nullopt;
  return static_cast<std::int32_t>(*number);
}

/// What may go into a log: letters, digits and what base64 needs besides.
std::string trace_at(const json::object& error) {
  auto trace = id_at(error, "fbtrace_id");
  const bool clean =
    trace.size() <= longest_trace && std::ranges::all_of(trace, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
             || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '+'
             || c == '/' || c == '=';
    });
  return clean ? trace : std::string{};
}

send_result failed(const json::object& error, header_fields headers) {
  send_result result;
  result.fbtrace_id = trace_at(error);
  const auto code = code_at(error, "code");
  if (!code)
    return result;
  result.code = *code;
  result.subcode = code_at(error, "error_subcode").value_or(0);
  const auto meaning = meaning_of(result.code, result.subcode);
  if (!meaning)
    return result;
  result.what = meaning->what;
  result.scope = meaning->scope;
  result.retry_after = meaning->retry_after;
  if (result.what == outcome_class::rate_limited
      && result.scope != rate_scope::pair) {
    const auto named = read_rate_headers(headers).longest_wait();
    if (named > minutes{0})
      result.retry_after = named;
  }
  return result;
}

send_result accepted(const json::object& body) {
  send_result result;
  if (const auto* message = first_of(body, "messages")) {
    result.external_id = id_at(*message, "id");
    if (const auto* contact = first_of(body, "contacts")) {
      result.recipient_id = id_at(*contact, "wa_id");
      if (result.recipient_id.empty())
        result.recipient_id = id_at(*contact, "user_id");
    }
  } else {
    result.external_id = id_at(body, "message_id");
    result.recipient_id = id_at(body, "recipient_id");
    if (result.external_id.empty())
      result.external_id = id_at(body, "id");
  }
  // Without an id nothing proves that it was sent.
  if (!result.external_id.empty())
    result.what = outcome_class::sent;
  return result;
}

} // namespace

std::string_view to_string(outcome_class what) noexcept {
  switch (what) {
  case outcome_class::sent:
    return "sent";
  case outcome_class::refused_window:
    return "refused_window";
  case outcome_class::refused_permanent:
    return "refused_permanent";
  case outcome_class::refused_unreachable:
    return "refused_unreachable";
  case outcome_class::token_dead:
    return "token_dead";
  case outcome_class::permission:
    return "permission";
  case outcome_class::rate_limited:
    return "rate_limited";
  case outcome_class::temporary:
    return "temporary";
  case outcome_class::in_doubt:
    return "in_doubt";
  case outcome_class::private_reply_spent:
    return "private_reply_spent";
  case outcome_class::paused:
    return "paused";
  case outcome_class::duplicate_text:
    return "duplicate_text";
  }
  return "unknown";
}

send_result classify(int http_status, std::string_view body,
                     header_fields headers) {
  if (body.size() > longest_answer)
    return {};
  json::error_code unreadable;
  const auto value = json::parse(body, unreadable);
  const auto* object = unreadable ? nullptr : value.if_object();
  if (object == nullptr)
    return {};
  if (object->contains("error")) {
    const auto* error = object_at(*object, "error");
    return error == nullptr ? send_result{} : failed(*error, headers);
  }
  return http_status >= 200 && http_status < 300 ? accepted(*object)
                                                 : send_result{};
}

send_report report_of(const send_result& result) {
  send_report report;
  report.external_id = result.external_id;
  report.code = result.code;
  report.retry_after = result.retry_after;
  switch (result.what) {
  case outcome_class::sent:
    report.what = send_class::sent;
    break;
  case outcome_class::in_doubt:
    report.what = send_class::in_doubt;
    break;
  case outcome_class::token_dead:
    report.what = send_class::token_dead;
    break;
  case outcome_class::rate_limited:
  case outcome_class::temporary:
  case outcome_class::paused:
    report.what = send_class::try_later;
    break;
  case outcome_class::refused_window:
  case outcome_class::refused_permanent:
  case outcome_class::refused_unreachable:
  case outcome_class::permission:
  case outcome_class::private_reply_spent:
  case outcome_class::duplicate_text:
    report.what = send_class::refused;
    break;
  }
  return report;
}

} // namespace assistly::graph
