#include "config/settings_checks.hpp"

#include "config/read_file.hpp"

#include <algorithm>
#include <string_view>

namespace assistly::config {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

void check_tls(const settings& s, settings_reader& reader) {
  const bool certificate = !s.http.tls_certificate_file.empty();
  const bool key = !s.http.tls_key_file.empty();
  if (certificate == key || reader.is_refused("http.tls_certificate_file")
      || reader.is_refused("http.tls_key_file"))
    return;
  if (certificate)
    reader.refuse("http.tls_certificate_file",
                  "needs http.tls_key_file beside it");
  else
    reader.refuse("http.tls_key_file",
                  "needs http.tls_certificate_file beside it");
}

void check_addresses(const settings& s, settings_reader& reader) {
  const auto clash = [&](const listen_address& a, const listen_address& b) {
    return a.port != 0 && a == b;
  };
  if (clash(s.operations.listen, s.http.listen)
      && !reader.is_refused("operations.listen")
      && !reader.is_refused("http.listen"))
    reader.refuse("operations.listen", "must not be the same as http.listen");
  if (clash(s.sandbox.listen, s.http.listen)
      && !reader.is_refused("sandbox.listen")
      && !reader.is_refused("http.listen"))
    reader.refuse("sandbox.listen", "must not be the same as http.listen");
  if (!is_loopback(s.operations.listen))
    reader.warn("operations.listen is not on loopback: keep it off the public "
                "network");
}

bool is_local_host(std::string_view host) {
  return host.empty() || host == "localhost" || host.starts_with("127.")
         || host == "[::1]" || host == "::1" || host.starts_with('/')
         || host.starts_with("%2F") || host.starts_with("%2f");
}

bool are_local_hosts(std::string_view hosts) {
  for (;;) {
    const std::size_t comma = hosts.find(',');
    std::string_view host = hosts.substr(0, comma);
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')
        && host != "::1")
      host = host.substr(0, colon);
    if (!is_local_host(host))
      return false;
    if (comma == std::string_view::npos)
      return true;
    hosts.remove_prefix(comma + 1);
  }
}

/// The value of `name` in a URL's query, last one wins as in libpq.
std::string_view parameter(std::string_view query, std::string_view name) {
  std::string_view found;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name)
      found = pair.substr(equals + 1);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  return found;
}

/// Passwords and content must not cross a network in clear (promise 6.1).
bool is_safe_postgresql(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  const std::size_t mark = url.find('?');
  const std::string_view query =
    mark == std::string_view::npos ? "" : url.substr(mark + 1);
  if (parameter(query, "sslmode") == "verify-full")
    return true;
  std::string_view authority = url.substr(0, url.find_first_of("/?"));
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos)
    authority.remove_prefix(at + 1);
  // Both names of a host count: libpq takes the address where there is one.
  return are_local_hosts(authority) && are_local_hosts(parameter(query, "host"))
         && are_local_hosts(parameter(query, "hostaddr"));
}

void complete_storage(settings& s, const std::filesystem::path& folder,
                      settings_reader& reader) {
  const std::string& url = s.storage.url.reveal();
  if (reader.is_refused("storage.url"))
    return;
  if (url.starts_with(sqlite_scheme)) {
    s.storage.engine = storage_engine::sqlite;
    const auto file = std::string_view{url}.substr(sqlite_scheme.size());
    s.storage.sqlite_file = below(folder, file);
    if (file.empty() || file.starts_with("//"))
      reader.refuse("storage.url", "must name a file after sqlite:");
  } else if (url.starts_with("postgresql://")
             || url.starts_with("postgres://")) {
    s.storage.engine = storage_engine::postgresql;
    if (!is_safe_postgresql(url))
      reader.refuse("storage.url",
                    "must have sslmode=verify-full, since the database is on "
                    "another machine");
  } else {
    reader.refuse("storage.url", "must begin with sqlite: or postgresql://");
  }
}

void complete_answers(settings& s, settings_reader& reader) {
  const auto provider = s.answers.provider;
  if (provider == answer_provider::embedded
      || reader.is_refused("answers.provider"))
    return;
  if (provider == answer_provider::anthropic) {
    if (s.answers.base_url.empty())
      s.answers.base_url = "https://api.anthropic.com";
    if (s.answers.api_key.empty() && !reader.is_refused("answers.api_key"))
      reader.refuse("answers.provider", "needs answers.api_key");
  } else if (s.answers.base_url.empty()
             && !reader.is_refused("answers.base_url")) {
    reader.refuse("answers.provider", "needs answers.base_url");
  }
  if (s.answers.model.empty() && !reader.is_refused("answers.model"))
    reader.refuse("answers.provider", "needs answers.model");
}

void check_mail(const settings& s, settings_reader& reader) {
  const std::string& url = s.mail.url.reveal();
  if (url.empty() || reader.is_refused("mail.url"))
    return;
  const std::size_t scheme = url.starts_with("smtps://")  ? 8
                             : url.starts_with("smtp://") ? 7
                                                          : 0;
  if (scheme == 0 || url.size() == scheme)
    reader.refuse("mail.url", "must begin with smtp:// or smtps:// and name a "
                              "server");
  if (s.mail.from.empty() && !reader.is_refused("mail.from"))
    reader.refuse("mail.url", "needs mail.from");
}

void check_retention(settings& s, settings_reader& reader) {
  retention_settings& r = s.retention;
  const auto refused = [&](std::string_view key) {
    return reader.is_refused("retention." + std::string{key});
  };
  if (refused("min_conversation_minutes") || refused("max_conversation_days")
      || refused("default_conversation_days"))
    return;
  if (r.min_conversation > r.max_conversation) {
    reader.refuse("retention.min_conversation_minutes",
                  "must not be longer than retention.max_conversation_days");
    return;
  }
  const bool fits = r.default_conversation >= r.min_conversation
                    && r.default_conversation <= r.max_conversation;
  if (fits)
    return;
  if (reader.is_given("retention.default_conversation_days")) {
    reader.refuse("retention.default_conversation_days",
                  "must lie between retention.min_conversation_minutes and "
                  "retention.max_conversation_days");
    return;
  }
  // The operator moved a bound and left the default alone: it follows the
  // bound.
  r.default_conversation =
    std::clamp(r.default_conversation,
               std::chrono::ceil<days>(r.min_conversation), r.max_conversation);
}

} // namespace

std::string url_of(const listen_address& address, bool tls) {
  return (tls ? "https://" : "http://") + to_string(address);
}

std::vector<secret_text> signing_secrets(const meta_settings& meta) {
  std::vector<secret_text> out;
  for (const secret_text& each : {meta.app_secret, meta.instagram_app_secret})
    if (!each.empty())
      out.push_back(each);
  out.insert(out.end(), meta.more_app_secrets.begin(),
             meta.more_app_secrets.end());
  return out;
}

namespace {

/// The files a node writes, each of which would end another.
void check_files(const settings& s, settings_reader& reader) {
  if (s.storage.engine != storage_engine::sqlite
      || reader.is_refused("storage.url"))
    return;
  const auto whole = [](const std::filesystem::path& file, const char* end) {
    return std::filesystem::absolute(file).lexically_normal().string() + end;
  };
  std::vector<std::string> taken;
  for (const char* end : {"", "-wal", "-shm", "-journal", ".lock", ".restoring",
                          ".keys", ".keys-wal", ".keys-shm", ".keys-journal"})
    taken.push_back(whole(s.storage.sqlite_file, end));
  taken.push_back(
    whole(s.storage.sqlite_file.parent_path() / "control.sock", ""));
  const auto claim = [&](const char* key, const std::filesystem::path& file) {
    auto name = whole(file, "");
    if (std::find(taken.begin(), taken.end(), name) != taken.end()
        && !reader.is_refused(key))
      reader.refuse(key, "must be a file of its own: the database, the keys or "
                         "the ledger already stand there");
    taken.push_back(std::move(name));
  };
  claim("keys.file", s.keys.file);
  claim("ledger.file", s.ledger.file);
}

} // namespace

void complete_and_check(settings& s, const std::filesystem::path& folder,
                        settings_reader& reader) {
  check_tls(s, reader);
  check_addresses(s, reader);
  complete_storage(s, folder, reader);
  check_files(s, reader);
  complete_answers(s, reader);
  check_mail(s, reader);
  check_retention(s, reader);
  s.http.public_url_given = !s.http.public_url.empty();
  if (!s.http.public_url_given)
    s.http.public_url =
      url_of(s.http.listen, !s.http.tls_certificate_file.empty());
}

} // namespace assistly::config
