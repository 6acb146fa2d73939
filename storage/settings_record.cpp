#include "storage/settings_record.hpp"

#include "model/record.hpp"

namespace assistly::storage {

namespace {

constexpr std::int64_t version = 1;

fault broken() {
  return {errc::storage_failed, "a stored settings record is broken"};
}

void write_list(record_writer& w, const std::vector<std::string>& list) {
  w.integer(static_cast<std::int64_t>(list.size()));
  for (const auto& text : list)
    w.text(text);
}

std::vector<std::string> read_list(record_reader& r) {
  std::vector<std::string> list;
  auto count = r.integer();
  for (std::int64_t i = 0; i < count && !r.broken(); ++i)
    list.emplace_back(r.text());
  return list;
}

} // namespace

std::string to_record(const tenant_settings& s) {
  record_writer w;
  w.integer(version).text(s.slug).text(s.name).text(s.email).text(s.website);
  write_list(w, s.languages);
  w.integer(s.retention.conversation.count())
    .integer(s.retention.turn.count())
    .text(s.handover_message)
    .integer(s.return_after.count())
    .integer(s.quiet ? s.quiet->count() : -1)
    .integer(static_cast<std::int64_t>(s.comment_rules.size()));
  for (const auto& rule : s.comment_rules) {
    w.integer(static_cast<int>(rule.channel));
    write_list(w, rule.match);
    w.text(rule.public_reply).text(rule.private_reply);
  }
  w.integer(static_cast<std::int64_t>(s.members.size()));
  for (const auto& member : s.members)
    w.text(member.email).text(member.role);
  return std::move(w).take();
}

outcome<tenant_settings> settings_from_record(std::string_view record) {
  record_reader r{record};
  if (r.integer() != version)
    return broken();
  tenant_settings s;
  s.slug = r.text();
  s.name = r.text();
  s.email = r.text();
  s.website = r.text();
  s.languages = read_list(r);
  s.retention.conversation = milliseconds{r.integer()};
  s.retention.turn = milliseconds{r.integer()};
  s.handover_message = r.text();
  s.return_after = milliseconds{r.integer()};
  if (auto quiet = r.integer(); quiet >= 0)
    s.quiet = milliseconds{quiet};
  auto rules = r.integer();
  for (std::int64_t i = 0; i < rules && !r.broken(); ++i) {
    comment_rule rule;
    rule.channel = static_cast<channel_kind>(r.integer());
    rule.match = read_list(r);
    rule.public_reply = r.text();
    rule.private_reply = r.text();
    s.comment_rules.push_back(std::move(rule));
  }
  auto members = r.integer();
  for (std::int64_t i = 0; i < members && !r.broken(); ++i) {
    member_seat member;
    member.email = r.text();
    member.role = r.text();
    s.members.push_back(std::move(member));
  }
  if (r.broken())
    return broken();
  return s;
}

std::string to_record(const channel_access& a) {
  record_writer w;
  w.integer(version)
    .text(a.account_id)
    .text(a.token.reveal())
    .text(a.business_account_id)
    .integer(a.page_login)
    .text(a.page_id);
  return std::move(w).take();
}

outcome<channel_access> access_from_record(std::string_view record) {
  record_reader r{record};
  if (r.integer() != version)
    return broken();
  channel_access a;
  a.account_id = r.text();
  a.token = secret_text{std::string{r.text()}};
  a.business_account_id = r.text();
  a.page_login = r.integer() != 0;
  a.page_id = r.text();
  if (r.broken())
    return broken();
  return a;
}

std::string to_record(const knowledge_item& k) {
  record_writer w;
  w.integer(version).text(k.key).text(k.title).text(k.answer).text(k.url).text(
    k.language);
  write_list(w, k.questions);
  return std::move(w).take();
}

outcome<knowledge_item> knowledge_from_record(std::string_view record) {
  record_reader r{record};
  if (r.integer() != version)
    return broken();
  knowledge_item k;
  k.key = r.text();
  k.title = r.text();
  k.answer = r.text();
  k.url = r.text();
  k.language = r.text();
  k.questions = read_list(r);
  if (r.broken())
    return broken();
  return k;
}

} // namespace assistly::storage
