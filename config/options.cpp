#include "config/options.hpp"

#include <array>

namespace assistly::config {

namespace {

constexpr std::array<std::string_view, 3> providers{"embedded", "openai",
                                                    "anthropic"};
constexpr std::array<std::string_view, 2> token_limit_fields{
  "max_tokens", "max_completion_tokens"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning",
                                                 "error"};
constexpr std::array<std::string_view, 3> formats{"auto", "text", "json"};

using enum option_type;

// A lambda per row says where the value goes; the rest of the row says what it
// may be. Text of 1 to N bytes must be given, of 0 to N may be empty.
constexpr std::array table{
  option{.key = "http.listen",
         .type = listen,
         .fallback = R"("127.0.0.1:8080")",
         .help = "Address and port for webhooks, the API and the console.",
         .slot = [](settings& s) -> option_slot { return &s.http.listen; }},
  option{.key = "http.public_url",
         .type = url,
         .fallback = R"("")",
         .help = "The address that Meta and browsers see, such as "
                 "https://assistly.example. Empty: made from http.listen.",
         .slot = [](settings& s) -> option_slot { return &s.http.public_url; }},
  option{.key = "http.tls_certificate_file",
         .type = path,
         .fallback = R"("")",
         .help = "PEM file with the certificate chain, for TLS at the server "
                 "itself. Empty: a proxy in front speaks TLS.",
         .slot = [](settings& s) -> option_slot {
           return &s.http.tls_certificate_file;
         }},
  option{
    .key = "http.tls_key_file",
    .type = path,
    .fallback = R"("")",
    .help = "PEM file with the certificate's private key.",
    .slot = [](settings& s) -> option_slot { return &s.http.tls_key_file; }},
  option{.key = "http.body_limit_bytes",
         .type = whole_number,
         .fallback = "4194304",
         .least = 4194304,
         .most = 16777216,
         .help = "Largest webhook body in bytes; 413 beyond. WhatsApp sends up "
                 "to 3 MB, so less than 4 MiB would lose messages.",
         .slot = [](settings& s) -> option_slot {
           return &s.http.body_limit_bytes;
         }},
  option{
    .key = "http.max_connections",
    .type = whole_number,
    .fallback = "4096",
    .least = 16,
    .most = 100000,
    .help = "Open connections in all; more are turned away.",
    .slot = [](settings& s) -> option_slot { return &s.http.max_connections; }},
  option{.key = "http.max_connections_per_address",
         .type = whole_number,
         .fallback = "256",
         .least = 1,
         .most = 100000,
         .help = "Open connections from one address.",
         .slot = [](settings& s) -> option_slot {
           return &s.http.max_connections_per_address;
         }},
  option{
    .key = "http.trusted_proxies",
    .type = networks,
    .fallback = "[]",
    .help = "Addresses or networks of your proxies, such as [\"10.0.0.0/8\"]. "
            "Only from these is X-Forwarded-For believed.",
    .slot = [](settings& s) -> option_slot { return &s.http.trusted_proxies; }},
  option{
    .key = "operations.listen",
    .type = listen,
    .fallback = R"("127.0.0.1:9090")",
    .help = "Address and port of /healthz, /readyz and /metrics. Keep it off "
            "the public network.",
    .slot = [](settings& s) -> option_slot { return &s.operations.listen; }},
  option{.key = "meta.app_id",
         .type = text,
         .fallback = R"("")",
         .most = 64,
         .help = "The id of your Meta app.",
         .slot = [](settings& s) -> option_slot { return &s.meta.app_id; }},
  option{.key = "meta.app_secret",
         .type = secret,
         .fallback = R"("")",
         .help = "The secret of your Meta app; it signs webhooks.",
         .slot = [](settings& s) -> option_slot { return &s.meta.app_secret; }},
  option{.key = "meta.more_app_secrets",
         .type = secrets,
         .fallback = "[]",
         .help =
           "Further secrets that webhooks may be signed with: while one is "
           "being exchanged, or for several apps.",
         .slot = [](settings& s) -> option_slot {
           return &s.meta.more_app_secrets;
         }},
  option{
    .key = "meta.verify_token",
    .type = secret,
    .fallback = R"("")",
    .help = "The text you give Meta when you set up the webhook.",
    .slot = [](settings& s) -> option_slot { return &s.meta.verify_token; }},
  option{.key = "meta.instagram_app_id",
         .type = text,
         .fallback = R"("")",
         .most = 64,
         .help = "The Instagram app id, where it differs from meta.app_id.",
         .slot = [](settings& s) -> option_slot {
           return &s.meta.instagram_app_id;
         }},
  option{.key = "meta.instagram_app_secret",
         .type = secret,
         .fallback = R"("")",
         .help =
           "The Instagram app secret; webhooks signed with it are taken, too.",
         .slot = [](settings& s) -> option_slot {
           return &s.meta.instagram_app_secret;
         }},
  option{.key = "meta.graph_url",
         .type = url,
         .fallback = R"("https://graph.facebook.com")",
         .least = 1,
         .help = "Meta's Graph API, or a stand-in for it such as the sandbox.",
         .slot = [](settings& s) -> option_slot { return &s.meta.graph_url; }},
  option{
    .key = "meta.instagram_url",
    .type = url,
    .fallback = R"("https://graph.instagram.com")",
    .least = 1,
    .help = "The Graph API for accounts connected by Instagram Login.",
    .slot = [](settings& s) -> option_slot { return &s.meta.instagram_url; }},
  option{.key = "meta.login_url",
         .type = url,
         .fallback = R"("https://www.facebook.com")",
         .least = 1,
         .help = "Where a business grants access (Facebook Login).",
         .slot = [](settings& s) -> option_slot { return &s.meta.login_url; }},
  option{.key = "meta.instagram_login_url",
         .type = url,
         .fallback = R"("https://www.instagram.com")",
         .least = 1,
         .help = "Where a business grants access (Instagram Login).",
         .slot = [](settings& s) -> option_slot {
           return &s.meta.instagram_login_url;
         }},
  option{.key = "meta.instagram_token_url",
         .type = url,
         .fallback = R"("https://api.instagram.com")",
         .least = 1,
         .help = "Where Instagram Login exchanges its code for a token.",
         .slot = [](settings& s) -> option_slot {
           return &s.meta.instagram_token_url;
         }},
  option{
    .key = "meta.api_version",
    .type = version,
    .fallback = R"("v25.0")",
    .help = "Version of the Graph API that every call names.",
    .slot = [](settings& s) -> option_slot { return &s.meta.api_version; }},
  option{.key = "storage.url",
         .type = secret,
         .fallback = R"("sqlite:var/assistly.db")",
         .least = 1,
         .help = "The database: sqlite:FILE, or postgresql://… "
                 "(docs/storage.md says how to choose). On another machine it "
                 "needs sslmode=verify-full.",
         .slot = [](settings& s) -> option_slot { return &s.storage.url; }},
  option{.key = "keys.file",
         .type = path,
         .fallback = R"("var/keys")",
         .least = 1,
         .help =
           "Root key material; made with mode 0600 for an empty database. "
           "Back it up apart from the database: without it nothing can "
           "be read.",
         .slot = [](settings& s) -> option_slot { return &s.keys.file; }},
  option{.key = "ledger.file",
         .type = path,
         .fallback = R"("var/ledger")",
         .least = 1,
         .help = "Record of erasures, kept beside the keys; a restored backup "
                 "is erased again by it.",
         .slot = [](settings& s) -> option_slot { return &s.ledger.file; }},
  option{.key = "answers.quiet_seconds",
         .type = seconds,
         .fallback = "2",
         .least = 0,
         .most = 60,
         .help = "How long a customer must be silent before an answer is made; "
                 "0 = at once. At the latest after five times this. A tenant "
                 "may set its own.",
         .slot = [](settings& s) -> option_slot { return &s.answers.quiet; }},
  option{
    .key = "answers.provider",
    .type = choice,
    .fallback = R"("embedded")",
    .choices = providers,
    .help =
      "Who writes answers: the engine inside (nothing leaves the "
      "machine), any server that speaks OpenAI's interface, or Anthropic.",
    .slot = [](settings& s) -> option_slot { return &s.answers.provider; }},
  option{
    .key = "answers.base_url",
    .type = url,
    .fallback = R"("")",
    .help = "The provider's address, such as http://127.0.0.1:11434/v1. "
            "Needed for openai; for anthropic empty means its own.",
    .slot = [](settings& s) -> option_slot { return &s.answers.base_url; }},
  option{.key = "answers.model",
         .type = text,
         .fallback = R"("")",
         .most = 200,
         .help = "The model's name at the provider. Needed unless embedded.",
         .slot = [](settings& s) -> option_slot { return &s.answers.model; }},
  option{.key = "answers.api_key",
         .type = secret,
         .fallback = R"("")",
         .help = "The provider's key. Local servers often need none.",
         .slot = [](settings& s) -> option_slot { return &s.answers.api_key; }},
  option{.key = "answers.token_limit_field",
         .type = choice,
         .fallback = R"("max_tokens")",
         .choices = token_limit_fields,
         .help = "What the provider calls the bound on an answer's length; "
                 "newer OpenAI models want max_completion_tokens.",
         .slot = [](settings& s) -> option_slot {
           return &s.answers.token_limit_field;
         }},
  option{.key = "mail.url",
         .type = secret,
         .fallback = R"("")",
         .help = "Mail server, such as smtps://user:password@mail.example:465. "
                 "Empty: notices stay in the product.",
         .slot = [](settings& s) -> option_slot { return &s.mail.url; }},
  option{.key = "mail.from",
         .type = email,
         .fallback = R"("")",
         .help = "Sender of mails. Needed with mail.url.",
         .slot = [](settings& s) -> option_slot { return &s.mail.from; }},
  option{.key = "retention.min_conversation_minutes",
         .type = duration,
         .fallback = "1",
         .least = 1,
         .most = 525600,
         .help = "Shortest time a tenant may keep conversations after their "
                 "last activity.",
         .slot = [](settings& s) -> option_slot {
           return &s.retention.min_conversation;
         }},
  option{.key = "retention.max_conversation_days",
         .type = duration,
         .fallback = "365",
         .least = 1,
         .most = 3650,
         .help = "Longest time a tenant may keep conversations after their "
                 "last activity.",
         .slot = [](settings& s) -> option_slot {
           return &s.retention.max_conversation;
         }},
  option{.key = "retention.default_conversation_days",
         .type = duration,
         .fallback = "30",
         .least = 1,
         .most = 3650,
         .help = "What holds for a tenant that chooses nothing.",
         .slot = [](settings& s) -> option_slot {
           return &s.retention.default_conversation;
         }},
  option{
    .key = "retention.max_turn_days",
    .type = duration,
    .fallback = "365",
    .least = 1,
    .most = 3650,
    .help = "No message lives longer, however busy its conversation; a tenant "
            "may choose less.",
    .slot = [](settings& s) -> option_slot { return &s.retention.max_turn; }},
  option{.key = "retention.cancellation_days",
         .type = duration,
         .fallback = "14",
         .least = 1,
         .most = 28,
         .help =
           "From a business's cancellation to its erasure; until then it can "
           "be undone. All must be gone on day 30.",
         .slot = [](settings& s) -> option_slot {
           return &s.retention.cancellation;
         }},
  option{.key = "log.level",
         .type = choice,
         .fallback = R"("info")",
         .choices = levels,
         .help = "What is less is not written. Content and secrets are never "
                 "logged, at no level.",
         .slot = [](settings& s) -> option_slot { return &s.log.level; }},
  option{.key = "log.format",
         .type = choice,
         .fallback = R"("auto")",
         .choices = formats,
         .help = "auto = text on a terminal, else json.",
         .slot = [](settings& s) -> option_slot { return &s.log.format; }},
  option{.key = "outgoing.allow_private",
         .type = hosts,
         .fallback = "[]",
         .help =
           "Servers inside your own network that may be called for a tenant, "
           "such as [\"shop.internal:8443\"]. All other private addresses "
           "are refused.",
         .slot = [](settings& s) -> option_slot {
           return &s.outgoing.allow_private;
         }},
  option{.key = "sandbox.listen",
         .type = listen,
         .fallback = R"("127.0.0.1:8090")",
         .help = "Address and port of `assistly sandbox`, the stand-in for "
                 "Meta.",
         .slot = [](settings& s) -> option_slot { return &s.sandbox.listen; }},
};

} // namespace

std::span<const option> all_options() noexcept {
  return table;
}

} // namespace assistly::config
