#include "actors/reply_words.hpp"

#include "answers/hand_off.hpp"

#include <algorithm>

namespace assistly::actors {

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return result;
}

const comment_rule* rule_for(const tenant_view& tenant, channel_kind kind,
                             const std::vector<std::string>& lines) {
  for (const auto& rule : tenant.settings.comment_rules) {
    if (rule.channel != kind)
      continue;
    if (rule.match.empty())
      return &rule;
    for (const auto& line : lines)
      for (const auto& word : rule.match)
        if (lower(line).find(word) != std::string::npos)
          return &rule;
  }
  return nullptr;
}

/// A rule's text, with "answer" for the grounded one.
std::string resolve(const std::string& rule_text, const std::string& grounded) {
  return rule_text == "answer" ? grounded : rule_text;
}

void add(draft& d, turn_kind kind, std::string text) {
  if (!text.empty())
    d.messages.push_back({kind, std::move(text)});
}

} // namespace

draft words_for(const tenant_view& tenant, channel_kind kind, channel_mode mode,
                const answers::answer& decided,
                const std::vector<std::string>& lines) {
  draft d;
  if (decided.kind == answers::decision::nothing) {
    d.kind = draft_kind::silence;
    return d;
  }
  bool answered = decided.kind == answers::decision::answer
                  || decided.kind == answers::decision::clarify;
  auto text = answered ? decided.text
                       : answers::hand_off_message(
                         tenant.settings.handover_message, decided.language);
  if (mode == channel_mode::draft) {
    d.kind = draft_kind::hand_off;
    d.note = answered ? "Proposed answer, for you to send: " + decided.text
                      : answers::hand_off_note(decided, lines);
    return d;
  }
  d.kind = answered ? draft_kind::answer : draft_kind::hand_off;
  if (!answered)
    d.note = answers::hand_off_note(decided, lines);
  if (!is_comment_channel(kind)) {
    add(d, turn_kind::text, std::move(text));
    return d;
  }
  const auto* rule = rule_for(tenant, kind, lines);
  if (!rule) {
    add(d, turn_kind::public_reply, std::move(text));
    return d;
  }
  add(d, turn_kind::public_reply, resolve(rule->public_reply, text));
  add(d, turn_kind::private_reply, resolve(rule->private_reply, text));
  return d;
}

draft words_after_failures(const tenant_view& tenant, channel_kind kind,
                           const std::vector<std::string>& lines) {
  answers::answer none;
  none.reason_text = "Making an answer failed several times.";
  draft d;
  d.kind = draft_kind::hand_off;
  add(d, is_comment_channel(kind) ? turn_kind::public_reply : turn_kind::text,
      answers::hand_off_message(tenant.settings.handover_message, {}));
  d.note = answers::hand_off_note(none, lines);
  return d;
}

} // namespace assistly::actors
