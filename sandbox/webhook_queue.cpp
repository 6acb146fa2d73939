#include "sandbox/webhook_queue.hpp"

#include "crypto/encoding.hpp"

#include <algorithm>

namespace assistly::sandbox {

namespace {

constexpr milliseconds longest_gap = hours{1};

milliseconds patience_of(webhook_kind kind) noexcept {
  switch (kind) {
  case webhook_kind::messaging:
    return hours{1};
  case webhook_kind::graph:
    return hours{36};
  case webhook_kind::whatsapp:
    return days{7};
  }
  return hours{1};
}

/// CONTRACT 3.2: five seconds for messages; the others name no number, and
/// Meta's older pages 20 s.
milliseconds timeout_of(webhook_kind kind) noexcept {
  return kind == webhook_kind::messaging ? seconds{5} : seconds{20};
}

} // namespace

milliseconds gap_after(int failures) noexcept {
  if (failures <= 1)
    return milliseconds{0};
  const int doublings = std::min(failures - 2, 13);
  return std::min(milliseconds{500} * (1 << doublings), longest_gap);
}

void webhook_queue::add(webhook_kind kind, webhook_body body, timestamp now,
                        timestamp when, std::optional<line_reference> about,
                        std::string account) {
  if (waiting() >= most_waiting) {
    ++counts_.dropped;
    return;
  }
  ++counts_.queued;
  due_.try_emplace({std::max(when, now), ++last_id_},
                   pending{kind, std::move(body), std::max(when, now), 0,
                           std::move(about), std::move(account)});
}

void webhook_queue::drop_of(std::string_view account) {
  counts_.dropped += std::erase_if(
    due_, [&](const auto& one) { return one.second.account == account; });
}

std::vector<webhook_delivery> webhook_queue::take_due(timestamp now,
                                                      std::size_t most) {
  std::vector<webhook_delivery> out;
  while (!due_.empty() && out.size() < most
         && due_.begin()->first.first <= now) {
    auto first = due_.extract(due_.begin());
    const auto id = first.key().second;
    auto& what = first.mapped();
    webhook_delivery made;
    made.id = id;
    made.body = what.body.at(now);
    made.signature =
      "sha256=" + crypto::to_hex(signer_.sign(std::string_view{made.body}));
    made.timeout = timeout_of(what.kind);
    out.push_back(std::move(made));
    under_way_.insert_or_assign(id, std::move(what));
    ++counts_.attempts;
  }
  return out;
}

webhook_result webhook_queue::finished(std::uint64_t id, int status,
                                       timestamp now) {
  webhook_result result;
  const auto at = under_way_.find(id);
  if (at == under_way_.end())
    return result;
  auto what = std::move(at->second);
  under_way_.erase(at);
  result.about = what.about;
  result.kind = what.kind;
  result.account = what.account;
  if (status == 200) {
    ++counts_.accepted;
    result.accepted = true;
    return result;
  }
  ++counts_.failed;
  const auto next = now + gap_after(++what.failures);
  if (next - what.since > patience_of(what.kind)) {
    ++counts_.dropped;
    result.dropped = true;
    return result;
  }
  due_.try_emplace({next, id}, std::move(what));
  return result;
}

std::optional<timestamp> webhook_queue::next_due() const noexcept {
  if (due_.empty())
    return std::nullopt;
  return due_.begin()->first.first;
}

} // namespace assistly::sandbox
