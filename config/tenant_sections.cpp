#include "config/tenant_sections.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace assistly::config {

namespace {

std::string numbered(std::string_view list, std::size_t index) {
  return std::string{list} + '[' + std::to_string(index + 1) + ']';
}

std::int64_t whole_days(milliseconds time) {
  return std::chrono::duration_cast<days>(time).count();
}

bool is_channel_kind(std::string_view text) {
  return parse_channel_kind(text).has_value();
}

bool is_comment_kind(std::string_view text) {
  const auto kind = parse_channel_kind(text);
  return kind && is_comment_channel(*kind);
}

bool is_mode(std::string_view text) {
  return parse_channel_mode(text).has_value();
}

bool is_login(std::string_view text) {
  return text == "instagram" || text == "page";
}

bool is_role(std::string_view text) {
  return text == "owner" || text == "admin" || text == "agent"
         || text == "viewer" || text == "privacy";
}

bool is_instagram(channel_kind kind) {
  return kind == channel_kind::instagram
         || kind == channel_kind::instagram_comments;
}

constexpr text_rule account_rule{
  .shape = is_plain_id,
  .shape_rule = "the account's id in quotes, as \"102030405060708\""};

/// The keys that only one kind of channel has.
void read_kind_of_channel(table_reader& read, channel_settings& into) {
  const bool instagram = is_instagram(into.kind);
  into.access.business_account_id =
    read.text("business_account_id", account_rule);
  if (into.kind != channel_kind::whatsapp && read.has("business_account_id"))
    read.refuse("business_account_id", "belongs to kind \"whatsapp\" only");
  const std::string login = read.text(
    "login", {.shape = is_login, .shape_rule = "\"instagram\" or \"page\""});
  into.access.page_id = read.text("page_id", account_rule);
  if (!instagram) {
    for (const std::string_view key : {"login", "page_id"})
      if (read.has(key))
        read.refuse(key, "belongs to the Instagram kinds only");
    return;
  }
  into.access.page_login = login == "page";
  if (login == "page" && !read.has("page_id"))
    read.refuse("page_id", "is missing: login = \"page\" needs the id of the "
                           "linked Page");
  if (login != "page" && read.has("page_id"))
    read.refuse("page_id", "needs login = \"page\" beside it");
}

} // namespace

void read_retention(table_reader& root, const retention_settings& bounds,
                    std::vector<config_fault>& faults, tenant_plan& into) {
  into.settings.retention.conversation = bounds.default_conversation;
  into.settings.retention.turn = bounds.max_turn;
  const document_value* section = root.table("retention");
  if (section == nullptr)
    return;
  table_reader read{*section, "retention", faults};
  // Rounded up: a whole number of days must not be shorter than the least.
  const std::int64_t least_days = std::max<std::int64_t>(
    1, std::chrono::ceil<days>(bounds.min_conversation).count());
  const auto in_days = read.whole("conversation_days", least_days,
                                  bounds.max_conversation.count());
  const auto in_minutes = read.whole(
    "conversation_minutes", bounds.min_conversation.count(),
    std::chrono::duration_cast<minutes>(bounds.max_conversation).count());
  if (read.has("conversation_days") && read.has("conversation_minutes"))
    read.refuse("conversation_minutes",
                "stands beside conversation_days: keep one");
  if (in_days)
    into.settings.retention.conversation = days{*in_days};
  if (in_minutes)
    into.settings.retention.conversation = minutes{*in_minutes};
  if (const auto turn = read.whole("turn_days", 1, whole_days(bounds.max_turn)))
    into.settings.retention.turn = days{*turn};
  read.finish();
}

void read_handover(table_reader& root, std::vector<config_fault>& faults,
                   tenant_plan& into) {
  const document_value* section = root.table("handover");
  if (section == nullptr)
    return;
  table_reader read{*section, "handover", faults};
  // The shortest kind of message, Instagram's, takes 1000 bytes.
  into.settings.handover_message =
    read.text("message", {.most = 1000, .lines = true});
  if (const auto after = read.whole("return_after_minutes", 1, 43200))
    into.settings.return_after = minutes{*after};
  read.finish();
}

void read_channels(table_reader& root, const std::filesystem::path& folder,
                   std::vector<config_fault>& faults, tenant_plan& into) {
  std::set<std::string> seen;
  const auto& tables = root.tables("channel", 1000);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    table_reader read{tables[i], numbered("channel", i), faults};
    channel_settings made;
    const std::string kind = read.text(
      "kind", {.required = true,
               .shape = is_channel_kind,
               .shape_rule = "\"messenger\", \"instagram\", \"whatsapp\", "
                             "\"page_comments\" or \"instagram_comments\""});
    text_rule account = account_rule;
    account.required = true;
    made.access.account_id = read.text("account_id", account);
    if (const auto* stands = tables[i].find("account_id"))
      made.line = stands->at.line;
    made.access.token = read.secret("access_token", folder, true);
    const std::string mode =
      read.text("mode", {.shape = is_mode,
                         .shape_rule = "\"off\", \"draft\" or \"automatic\""});
    if (!mode.empty())
      made.mode = *parse_channel_mode(mode);
    if (!kind.empty()) {
      made.kind = *parse_channel_kind(kind);
      read_kind_of_channel(read, made);
    } else {
      // Which of these belong here cannot be said without a kind.
      for (const std::string_view key :
           {"business_account_id", "login", "page_id"})
        read.text(key, {});
    }
    read.finish();
    if (!kind.empty() && !made.access.account_id.empty()
        && !seen.insert(kind + '|' + made.access.account_id).second)
      read.refuse("account_id", "stands here twice for this kind: keep one");
    into.channels.push_back(std::move(made));
  }
}

void read_knowledge(table_reader& root, std::vector<config_fault>& faults,
                    tenant_plan& into) {
  // One set for both: an id equal to another entry's title would name it, too.
  std::set<std::string> keys;
  const auto& tables = root.tables("knowledge", 20000);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    table_reader read{tables[i], numbered("knowledge", i), faults};
    knowledge_item made;
    made.key =
      read.text("id", {.shape = is_plain_id,
                       .shape_rule = "1 to 80 letters, digits, -, _ or ."});
    made.title = read.text("title", {.required = true});
    made.answer =
      read.text("answer", {.required = true, .most = 8000, .lines = true});
    made.questions =
      read.texts("questions", {.most = 500, .lines = true}, 2000);
    made.url = read.text(
      "url", {.most = 2048,
              .shape = is_web_url,
              .shape_rule = "a web address, as \"https://acme.example/faq\""});
    made.language =
      read.text("language", {.shape = is_language,
                             .shape_rule = "a language, as \"en\" or "
                                           "\"pt-BR\""});
    read.finish();
    if (!made.language.empty()
        && std::find(into.settings.languages.begin(),
                     into.settings.languages.end(), made.language)
             == into.settings.languages.end())
      read.refuse("language", "must be one of tenant.languages: add it there");
    const bool by_title = made.key.empty();
    if (by_title)
      made.key = made.title;
    if (!made.key.empty() && !keys.insert(made.key).second)
      read.refuse(by_title ? "title" : "id",
                  by_title ? "stands here twice: give the entries an id each"
                           : "stands here twice: give each entry its own");
    into.knowledge.push_back(std::move(made));
  }
}

void read_comment_rules(table_reader& root, std::vector<config_fault>& faults,
                        tenant_plan& into) {
  const auto& tables = root.tables("comment_rule", 1000);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    table_reader read{tables[i], numbered("comment_rule", i), faults};
    comment_rule made;
    const std::size_t before = faults.size();
    const std::string channel = read.text(
      "channel", {.required = true,
                  .shape = is_comment_kind,
                  .shape_rule = "\"page_comments\" or \"instagram_comments\""});
    if (!channel.empty())
      made.channel = *parse_channel_kind(channel);
    for (const std::string& word : read.texts("match", {.most = 100}, 200))
      made.match.push_back(ascii_lower(word));
    // Instagram takes 300 characters in a comment, 1000 bytes in a message.
    const bool instagram = made.channel == channel_kind::instagram_comments;
    made.public_reply = read.text(
      "public_reply", {.most = instagram ? std::size_t{300} : std::size_t{2000},
                       .lines = true});
    made.private_reply =
      read.text("private_reply", {.most = 1000, .lines = true});
    read.finish();
    if (faults.size() == before && made.public_reply.empty()
        && made.private_reply.empty())
      read.refuse("", "does nothing: add public_reply or private_reply");
    into.settings.comment_rules.push_back(std::move(made));
  }
}

void read_members(table_reader& root, std::vector<config_fault>& faults,
                  tenant_plan& into) {
  std::set<std::string> seen;
  const auto& tables = root.tables("member", 10000);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    table_reader read{tables[i], numbered("member", i), faults};
    member_seat made;
    made.email = read.text(
      "email", {.required = true,
                .most = 254,
                .shape = is_email,
                .shape_rule = "an e-mail address, as \"ana@acme.example\""});
    made.role = read.text(
      "role", {.required = true,
               .shape = is_role,
               .shape_rule = "\"owner\", \"admin\", \"agent\", \"viewer\" or "
                             "\"privacy\""});
    read.finish();
    if (!made.email.empty() && !seen.insert(ascii_lower(made.email)).second)
      read.refuse("email", "stands here twice: keep one role for each member");
    into.settings.members.push_back(std::move(made));
  }
}

} // namespace assistly::config
