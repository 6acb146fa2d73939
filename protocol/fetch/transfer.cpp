#include "protocol/fetch/transfer.hpp"

#include <algorithm>
#include <new>
#include <system_error>

namespace assistly::fetch {
namespace {

constexpr std::size_t max_header_bytes = std::size_t{64} << 10;
constexpr std::string_view https = "https://";
constexpr std::string_view http = "http://";

template <class T>
bool set(CURL* easy, CURLoption option, T value) noexcept {
  return curl_easy_setopt(easy, option, value) == CURLE_OK;
}

bool has_controls(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// Where scheme and host end.
std::size_t authority_end(std::string_view url) noexcept {
  auto start = url.find("://");
  if (start == url.npos)
    return url.size();
  return std::min(url.find_first_of("/?#\\", start + 3), url.size());
}

std::string lower(std::string_view text) {
  std::string low{text};
  for (auto& c : low)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return low;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view space = " \t\r\n";
  auto first = text.find_first_not_of(space);
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

long in_ms(milliseconds time) noexcept {
  // Zero would mean "no limit" to libcurl.
  return static_cast<long>(std::max<milliseconds::rep>(1, time.count()));
}

} // namespace

transfer::transfer(request wanted, done when_done, steady_time now)
  : wanted_(std::move(wanted)), when_done_(std::move(when_done)),
    deadline_(now + wanted_.total_timeout) {}

outcome<void> transfer::check(const client_options& options) const {
  const std::string_view url = wanted_.url;
  const bool plain = url.starts_with(http);
  if (!plain && !url.starts_with(https))
    return fault{errc::invalid, "a URL must begin with https://"};
  if (plain && !options.allow_plain_http && wanted_.unix_socket.empty())
    return fault{errc::invalid, "http:// is not allowed here, use https://"};
  if (host().empty() || host().find('@') != url.npos || has_controls(url)
      || url.find(' ') != url.npos)
    return fault{errc::invalid, "a URL is malformed or holds a user name"};
  if (!is_token(wanted_.method))
    return fault{errc::invalid, "an HTTP method is malformed"};
  if (!wanted_.body.empty()
      && (wanted_.method == "GET" || wanted_.method == "HEAD"))
    return fault{errc::invalid, "GET and HEAD carry no body"};
  for (auto& line : wanted_.headers)
    if (has_controls(line) || !is_token(line.substr(0, line.find(':')))
        || line.find(':') == line.npos)
      return fault{errc::invalid, "a header line of a request is malformed"};
  return {};
}

std::string transfer::lane() const {
  if (!wanted_.unix_socket.empty())
    return "unix:" + wanted_.unix_socket;
  return wanted_.url.substr(0, authority_end(wanted_.url));
}

std::string_view transfer::host() const noexcept {
  std::string_view url = wanted_.url;
  auto scheme = url.starts_with(https) ? https.size() : http.size();
  auto end = authority_end(url);
  return end > scheme ? url.substr(scheme, end - scheme) : std::string_view{};
}

/// What HTTP calls safe: asking twice does nothing more than asking once.
bool transfer::repeatable() const noexcept {
  return wanted_.method == "GET" || wanted_.method == "HEAD";
}

/// Whether it is certain that no byte of the request left. Without a body there
/// is no second witness besides libcurl's count, so then anything that got as
/// far as a standing connection counts as sent.
bool transfer::nothing_sent() const noexcept {
  if (!request_began_)
    return true;
  long counted = 1;
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &counted);
  return !wanted_.body.empty() && body_given_ == 0 && counted == 0;
}

bool transfer::set_method() {
  auto* easy = easy_.get();
  if (wanted_.method == "GET")
    return set(easy, CURLOPT_HTTPGET, 1L);
  if (wanted_.method == "HEAD")
    return set(easy, CURLOPT_NOBODY, 1L);
  const bool with_length = !wanted_.body.empty() || wanted_.method == "POST"
                           || wanted_.method == "PUT"
                           || wanted_.method == "PATCH";
  if (!with_length)
    return set(easy, CURLOPT_HTTPGET, 1L)
           && set(easy, CURLOPT_CUSTOMREQUEST, wanted_.method.c_str());
  // By callback and without a seek function: libcurl then has no means of
  // sending the body a second time.
  return set(easy, CURLOPT_POST, 1L)
         && set(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                static_cast<curl_off_t>(wanted_.body.size()))
         // libcurl takes and gives back such a buffer for every upload; the
         // usual 64 kB make the allocator return the pages each time.
         && set(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L)
         && set(easy, CURLOPT_READFUNCTION, &give_body)
         && set(easy, CURLOPT_READDATA, this)
         && (wanted_.method == "POST"
             || set(easy, CURLOPT_CUSTOMREQUEST, wanted_.method.c_str()));
}

bool transfer::set_headers() {
  auto add = [this](const char* line) {
    auto* longer = curl_slist_append(headers_.get(), line);
    if (longer == nullptr)
      return false;
    static_cast<void>(headers_.release());
    headers_.reset(longer);
    return true;
  };
  // "100-continue" would cost a round trip, and libcurl repeats the request on
  // a 417. A form's content type is not ours to claim.
  bool ok = add("Expect:");
  bool typed = false;
  for (auto& line : wanted_.headers) {
    typed =
      typed || lower(std::string_view{line}.substr(0, 13)) == "content-type:";
    ok = ok && add(line.c_str());
  }
  if (!typed)
    ok = ok && add("Content-Type:");
  return ok && set(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

bool transfer::start(easy_handle handle, const client_options& options,
                     steady_time now) {
  easy_ = std::move(handle);
  auto* easy = easy_.get();
  auto left = std::chrono::duration_cast<milliseconds>(deadline_ - now);
  bool ok =
    set(easy, CURLOPT_PRIVATE, this)
    && set(easy, CURLOPT_URL, wanted_.url.c_str())
    && set(easy, CURLOPT_PROTOCOLS_STR,
           wanted_.url.starts_with(http) ? "http" : "https")
    && set(easy, CURLOPT_CONNECTTIMEOUT_MS, in_ms(wanted_.connect_timeout))
    && set(easy, CURLOPT_TIMEOUT_MS, in_ms(left))
    && set(easy, CURLOPT_USERAGENT, options.user_agent.c_str())
    && set(easy, CURLOPT_MAXAGE_CONN,
           static_cast<long>(options.max_idle.count()))
    && set(easy, CURLOPT_HTTP_VERSION,
           long{options.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1})
    && set(easy, CURLOPT_MAXFILESIZE_LARGE,
           static_cast<curl_off_t>(wanted_.max_response_bytes));
  // Said though most are defaults: these are what the rest relies on.
  ok = ok && set(easy, CURLOPT_SSL_VERIFYPEER, 1L)
       && set(easy, CURLOPT_SSL_VERIFYHOST, 2L)
       && set(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2})
       && set(easy, CURLOPT_FOLLOWLOCATION, 0L)
       && set(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED})
       && set(easy, CURLOPT_PROXY, options.proxy.c_str())
       && set(easy, CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE})
       && set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L)
       && set(easy, CURLOPT_PIPEWAIT, 0L)
       && set(easy, CURLOPT_NOSIGNAL, 1L)
       // Does not make the loop wait for a resolver that hangs past its time.
       && set(easy, CURLOPT_QUICK_EXIT, 1L);
  if (!options.ca_file.empty())
    ok = ok && set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (!wanted_.unix_socket.empty())
    ok = ok && set(easy, CURLOPT_UNIX_SOCKET_PATH, wanted_.unix_socket.c_str());
  return ok && set_method() && set_headers()
         && set(easy, CURLOPT_PREREQFUNCTION, &before_request)
         && set(easy, CURLOPT_PREREQDATA, this)
         && set(easy, CURLOPT_HEADERFUNCTION, &take_header)
         && set(easy, CURLOPT_HEADERDATA, this)
         && set(easy, CURLOPT_WRITEFUNCTION, &take_body)
         && set(easy, CURLOPT_WRITEDATA, this);
}

/// Runs each time libcurl is about to write the request on a connection. When
/// a kept connection dies without an answer, libcurl starts over on a new one
/// and tells nobody. The peer may have acted on the first copy, so whatever is
/// not safe to ask twice ends here.
int transfer::before_request(void* self, char*, char*, int, int) {
  auto& mine = *static_cast<transfer*>(self);
  if (!mine.nothing_sent() && !mine.repeatable()) {
    mine.would_repeat_ = true;
    return CURL_PREREQFUNC_ABORT;
  }
  mine.request_began_ = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t transfer::give_body(char* out, std::size_t size, std::size_t count,
                                void* self) {
  auto& mine = *static_cast<transfer*>(self);
  auto part = mine.wanted_.body.copy(out, size * count, mine.body_given_);
  mine.body_given_ += part;
  return part;
}

std::size_t transfer::take_header(char* line, std::size_t size,
                                  std::size_t count, void* self) {
  auto& mine = *static_cast<transfer*>(self);
  const std::string_view text{line, size * count};
  mine.header_bytes_ += text.size();
  if (mine.header_bytes_ > max_header_bytes) {
    mine.too_large_ = true;
    return 0;
  }
  // After an interim answer (1xx) the real one begins anew; what follows the
  // body (trailers) is not asked for.
  if (text.starts_with("HTTP/")) {
    mine.answer_.headers.clear();
    mine.head_ended_ = false;
  } else if (text == "\r\n" || text == "\n") {
    mine.head_ended_ = true;
  } else if (auto colon = text.find(':');
             colon != text.npos && colon != 0 && !mine.body_began_) {
    try {
      mine.answer_.headers.emplace_back(lower(text.substr(0, colon)),
                                        trimmed(text.substr(colon + 1)));
    } catch (const std::bad_alloc&) {
      return 0; // Ends the transfer in doubt.
    }
  }
  return text.size();
}

std::size_t transfer::take_body(char* part, std::size_t size, std::size_t count,
                                void* self) {
  auto& mine = *static_cast<transfer*>(self);
  const std::string_view text{part, size * count};
  mine.body_began_ = true;
  if (text.size()
      > mine.wanted_.max_response_bytes - mine.answer_.body.size()) {
    mine.too_large_ = true;
    return 0;
  }
  try {
    mine.answer_.body += text;
  } catch (const std::bad_alloc&) {
    return 0; // Ends the transfer in doubt.
  }
  return text.size();
}

fault transfer::explain(CURLcode code, std::string_view reason) const {
  // Neither path nor query, and not libcurl's own report, which may hold them.
  std::string text{host()};
  text += ": ";
  if (!reason.empty())
    text += reason;
  else if (would_repeat_)
    text += "the connection ended before an answer";
  else if (too_large_ || code == CURLE_FILESIZE_EXCEEDED)
    text += "the answer is larger than allowed";
  else if (code == CURLE_OK)
    text += "the connection ended without a whole answer";
  else
    text += curl_easy_strerror(code);
  long error = 0;
  if (code == CURLE_COULDNT_CONNECT
      && curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error) == CURLE_OK
      && error != 0)
    text +=
      " (" + std::generic_category().message(static_cast<int>(error)) + ")";
  if (code == CURLE_URL_MALFORMAT)
    return {errc::invalid, text};
  if (nothing_sent())
    return {errc::network_failed, text};
  return {errc::in_doubt, text + "; the request may have arrived"};
}

easy_handle transfer::finish(CURLcode code, std::string_view reason) {
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  // libcurl reports success, too, when the connection ended amid the headers,
  // and some versions when a kept connection died unanswered.
  const bool whole = code == CURLE_OK && status >= 200 && head_ended_;
  if (!whole || !reason.empty()) {
    when_done_(explain(code, reason));
    // A handle whose transfer failed may hold on to the failure, even when
    // reset (the "rewind" flag), so it is not used again.
    easy_.reset();
    return nullptr;
  }
  answer_.status = static_cast<int>(status);
  curl_easy_reset(easy_.get());
  auto handle = std::move(easy_);
  when_done_(std::move(answer_));
  return handle;
}

void transfer::fail(errc code, std::string_view reason) {
  std::string text;
  // A URL that is invalid may hold a password where the host should be.
  if (code != errc::invalid)
    text.append(host()).append(": ");
  when_done_(fault{code, text.append(reason)});
}

} // namespace assistly::fetch
