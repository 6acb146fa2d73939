#include "protocol/fetch/client.hpp"
#include "tests/protocol/fetch/loopback_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace assistly::fetch {
namespace {

/// A certificate file, gone with the test.
class trusted {
public:
  explicit trusted(const self_signed& by)
    : file_(std::filesystem::temp_directory_path()
            / ("fetch_ca_" + std::to_string(getpid()) + ".pem")) {
    std::ofstream{file_} << by.certificate_pem;
  }

  ~trusted() {
    std::filesystem::remove(file_);
  }

  std::unique_ptr<client> client_of() const {
    client_options options;
    options.ca_file = file_.string();
    return make_curl_client(options);
  }

private:
  std::filesystem::path file_;
};

request post(std::string url) {
  request wanted;
  wanted.url = std::move(url);
  wanted.body = "x";
  return wanted;
}

/// Counts requests, so that a refusal can be shown to have sent nothing.
struct counted {
  std::atomic<int> requests = 0;

  loopback_server::script script() {
    return [this](connection& c, int) {
      for (auto asked = c.read_request(); !asked.empty();
           asked = c.read_request()) {
        ++requests;
        c.write(ok("over TLS"));
      }
    };
  }
};

TEST(tls, is_used_with_a_certificate_that_is_trusted) {
  auto identity = self_signed::make("IP:127.0.0.1");
  counted seen;
  loopback_server server{seen.script(), &identity};
  trusted keep{identity};
  auto by = keep.client_of();
  for (int i = 0; i < 3; ++i) {
    auto got = send_and_wait(*by, post(server.url()));
    ASSERT_TRUE(got) << got.error().text;
    EXPECT_EQ(got->body, "over TLS");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(tls, refuses_a_certificate_nobody_vouches_for) {
  auto identity = self_signed::make("IP:127.0.0.1");
  counted seen;
  loopback_server server{seen.script(), &identity};
  auto got = send_and_wait(*make_curl_client(), post(server.url()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::network_failed);
  EXPECT_EQ(seen.requests, 0);
}

TEST(tls, refuses_a_trusted_certificate_of_another_host) {
  auto identity = self_signed::make("DNS:graph.example");
  counted seen;
  loopback_server server{seen.script(), &identity};
  trusted keep{identity};
  auto got = send_and_wait(*keep.client_of(), post(server.url()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::network_failed);
  EXPECT_EQ(seen.requests, 0);
}

TEST(tls, refuses_to_go_on_without_the_certificates_it_was_told_to_trust) {
  auto identity = self_signed::make("IP:127.0.0.1");
  counted seen;
  loopback_server server{seen.script(), &identity};
  client_options options;
  options.ca_file = "/nonexistent/ca.pem";
  auto got = send_and_wait(*make_curl_client(options), post(server.url()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::network_failed);
  EXPECT_EQ(seen.requests, 0);
}

TEST(tls, leaves_a_post_in_doubt_when_a_kept_connection_dies) {
  auto identity = self_signed::make("IP:127.0.0.1");
  std::atomic<int> arrived = 0;
  loopback_server server{[&arrived](connection& c, int number) {
                           for (int i = 0;; ++i) {
                             if (c.read_request().empty())
                               return;
                             ++arrived;
                             if (number == 0 && i == 1)
                               return;
                             c.write(ok(""));
                           }
                         },
                         &identity};
  trusted keep{identity};
  auto by = keep.client_of();
  ASSERT_TRUE(send_and_wait(*by, post(server.url())));
  auto got = send_and_wait(*by, post(server.url()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::in_doubt);
  EXPECT_EQ(arrived, 2);
}

} // namespace
} // namespace assistly::fetch
