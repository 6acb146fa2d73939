/// One request on its way through libcurl. For use inside fetch/ only.
#pragma once

#include "protocol/fetch/client.hpp"

#include <chrono>
#include <curl/curl.h>

namespace assistly::fetch {

using steady_time = std::chrono::steady_clock::time_point;

struct easy_deleter {
  void operator()(CURL* easy) const noexcept {
    curl_easy_cleanup(easy);
  }
};

using easy_handle = std::unique_ptr<CURL, easy_deleter>;

/// Not started --start--> under way --finish--> finished
///      \-------------------fail-----------------/
///
/// All on the client's thread.
class transfer {
public:
  transfer(request wanted, done when_done, steady_time now);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  /// What is wrong with the request, before anything is done with it.
  outcome<void> check(const client_options& options) const;

  /// Whose limit of requests under way it counts against: scheme, host and
  /// port, or the socket.
  std::string lane() const;

  steady_time deadline() const noexcept {
    return deadline_;
  }

  /// Sets up `easy`, which is as new or reset. The transfer must stay where it
  /// is until `finish`. False if libcurl took an option ill.
  bool start(easy_handle easy, const client_options& options, steady_time now);

  CURL* easy() const noexcept {
    return easy_.get();
  }

  /// Tells the caller how it ended. `reason` stands in for libcurl's words if
  /// not empty. Gives back the handle if it may be used again.
  easy_handle finish(CURLcode code, std::string_view reason = {});

  /// Tells the caller that it never started.
  void fail(errc code, std::string_view reason);

private:
  struct list_deleter {
    void operator()(curl_slist* list) const noexcept {
      curl_slist_free_all(list);
    }
  };

  std::string_view host() const noexcept;
  bool repeatable() const noexcept;
  bool nothing_sent() const noexcept;
  bool set_method();
  bool set_headers();
  fault explain(CURLcode code, std::string_view reason) const;

  static int before_request(void* self, char*, char*, int, int);
  static std::size_t give_body(char* out, std::size_t size, std::size_t count,
                               void* self);
  static std::size_t take_header(char* line, std::size_t size,
                                 std::size_t count, void* self);
  static std::size_t take_body(char* part, std::size_t size, std::size_t count,
                               void* self);

  request wanted_;
  done when_done_;
  steady_time deadline_;
  easy_handle easy_;
  std::unique_ptr<curl_slist, list_deleter> headers_;
  response answer_;
  std::size_t header_bytes_ = 0;
  std::size_t body_given_ = 0;
  bool head_ended_ = false;
  bool body_began_ = false;
  bool request_began_ = false;
  bool too_large_ = false;
  bool would_repeat_ = false;
};

} // namespace assistly::fetch
