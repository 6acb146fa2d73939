/// What an operator decided, typed and checked. Every default stands in the
/// table of `options.hpp` and nowhere else: make one with `default_settings()`
/// or `load_settings()`, never with `settings{}`.
#pragma once

#include "config/fault.hpp"
#include "config/shapes.hpp"
#include "model/clock.hpp"
#include "model/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::config {

struct http_settings {
  listen_address listen;
  /// What Meta and browsers see, without a slash at the end. Made from `listen`
  /// where the file says nothing.
  std::string public_url;
  bool public_url_given = false;
  /// Both or neither.
  std::filesystem::path tls_certificate_file;
  std::filesystem::path tls_key_file;
  std::size_t body_limit_bytes = 0;
  std::size_t max_connections = 0;
  std::size_t max_connections_per_address = 0;
  /// Addresses and networks whose X-Forwarded-For is believed.
  std::vector<std::string> trusted_proxies;
};

struct operations_settings {
  listen_address listen;
};

/// The operator's app at Meta. Texts and secrets are empty where not given.
struct meta_settings {
  std::string app_id;
  secret_text app_secret;
  std::vector<secret_text> more_app_secrets;
  secret_text verify_token;
  std::string instagram_app_id;
  secret_text instagram_app_secret;
  /// Without a slash at the end.
  std::string graph_url;
  std::string instagram_url;
  std::string login_url;
  std::string instagram_login_url;
  std::string instagram_token_url;
  std::string api_version;
};

/// Every secret that may have signed a webhook (CONTRACT 3.1 rule 4), without
/// the empty ones.
std::vector<secret_text> signing_secrets(const meta_settings& meta);

enum class storage_engine : std::uint8_t { sqlite, postgresql };

struct storage_settings {
  /// As written; it may hold a password.
  secret_text url;
  /// What `url` names, taken apart.
  storage_engine engine = storage_engine::sqlite;
  /// For SQLite: the database, below the configuration's folder.
  std::filesystem::path sqlite_file;
};

struct file_settings {
  std::filesystem::path file;
};

/// In the order of the choices in the table of options.
enum class answer_provider : std::uint8_t { embedded, openai, anthropic };

struct answer_settings {
  milliseconds quiet{};
  answer_provider provider = answer_provider::embedded;
  /// Without a slash at the end.
  std::string base_url;
  std::string model;
  secret_text api_key;
  /// The name of the request's field that bounds an answer (OpenAI form).
  std::string token_limit_field;
};

struct mail_settings {
  /// Empty: notices stay in the product. May hold a password.
  secret_text url;
  std::string from;
};

/// What tenants may choose between, and what holds where they choose nothing.
struct retention_settings {
  minutes min_conversation{};
  days max_conversation{};
  days default_conversation{};
  days max_turn{};
  /// From a tenant's cancellation to the erasure.
  days cancellation{};
};

struct log_settings {
  /// "debug", "info", "warning", "error".
  std::string level;
  /// "auto", "text", "json".
  std::string format;
};

struct outgoing_settings {
  /// `host:port` inside the operator's network that may be called for a tenant.
  std::vector<std::string> allow_private;
};

struct sandbox_settings {
  listen_address listen;
};

struct settings {
  http_settings http;
  operations_settings operations;
  meta_settings meta;
  storage_settings storage;
  file_settings keys;
  file_settings ledger;
  answer_settings answers;
  mail_settings mail;
  retention_settings retention;
  log_settings log;
  outgoing_settings outgoing;
  sandbox_settings sandbox;
};

/// Names and values of the environment, of which those that begin with
/// ASSISTLY_ count.
using environment = std::map<std::string, std::string>;

/// The ASSISTLY_ variables of this process.
environment read_environment();

/// `assistly.toml` in the working folder if it is there, else nothing.
std::optional<std::filesystem::path> default_config_file();

/// Reads `file` (nothing = defaults alone), then the environment over it.
/// Either settings, or every fault at once. Unknown ASSISTLY_ variables, and
/// what is allowed but unwise, are warnings.
checked<settings>
load_settings(const std::optional<std::filesystem::path>& file,
              const environment& env);

/// The same for text that is already at hand; relative paths start at `folder`.
checked<settings> parse_settings(std::string_view text,
                                 const std::filesystem::path& folder,
                                 const environment& env);

/// Every option at its default; relative paths start at the working folder.
settings default_settings();

/// `http://127.0.0.1:8080`: what stands for `http.public_url` where none is
/// given. For whoever takes a free port.
std::string url_of(const listen_address& address, bool tls);

} // namespace assistly::config
