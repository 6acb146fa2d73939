#include "sandbox/phone_page.hpp"

#include <array>

namespace assistly::embedded {

extern const std::string_view phone_index;
extern const std::string_view phone_style;
extern const std::string_view phone_app;
extern const std::string_view phone_dom;
extern const std::string_view phone_phone;
extern const std::string_view phone_team;
extern const std::string_view phone_calls;

} // namespace assistly::embedded

namespace assistly::sandbox {

namespace {

struct page_entry {
  std::string_view path;
  std::string_view type;
  const std::string_view* content;
};

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view css = "text/css; charset=utf-8";
constexpr std::string_view js = "text/javascript; charset=utf-8";

constexpr std::array entries{
  page_entry{"/", html, &embedded::phone_index},
  page_entry{"/sandbox/page/style.css", css, &embedded::phone_style},
  page_entry{"/sandbox/page/app.js", js, &embedded::phone_app},
  page_entry{"/sandbox/page/dom.js", js, &embedded::phone_dom},
  page_entry{"/sandbox/page/phone.js", js, &embedded::phone_phone},
  page_entry{"/sandbox/page/team.js", js, &embedded::phone_team},
  page_entry{"/sandbox/page/calls.js", js, &embedded::phone_calls},
};

} // namespace

std::optional<http::response> page_file(std::string_view path) {
  for (const auto& one : entries) {
    if (one.path != path)
      continue;
    http::response made;
    made.content_type = one.type;
    made.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
       "'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
       "frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      // A new build must not show an old page.
      {"Cache-Control", "no-cache"},
    };
    made.body = *one.content;
    return made;
  }
  return std::nullopt;
}

} // namespace assistly::sandbox
