/// A small business and a stand-in for Meta around it, for tests of the whole.
#pragma once

#include "config/tenant_file.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "model/clock.hpp"
#include "sandbox/run_sandbox.hpp"

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace assistly::tests {

inline const std::string app_secret = "assistly-test-app-secret";
inline const std::string page_id = "100200300400501";

/// One business on all five kinds of channel, answering at once.
inline std::string business_toml() {
  return R"(
[tenant]
id = "corner-shop"
name = "Corner Shop"
languages = ["en"]
[answers]
quiet_seconds = 0
[[channel]]
kind = "messenger"
account_id = "100200300400501"
access_token = "token-page"
[[channel]]
kind = "page_comments"
account_id = "100200300400501"
access_token = "token-page"
[[channel]]
kind = "instagram"
account_id = "17841400000000501"
access_token = "token-instagram"
[[channel]]
kind = "instagram_comments"
account_id = "17841400000000501"
access_token = "token-instagram"
[[channel]]
kind = "whatsapp"
account_id = "300400500600701"
access_token = "token-whatsapp"
business_account_id = "200300400500601"
[[knowledge]]
title = "Opening hours"
answer = "We are open Monday to Saturday, 9:00 to 18:00."
questions = ["when are you open", "opening hours", "what are your opening hours", "when do you open", "at what time do you close"]
[[knowledge]]
title = "Location"
answer = "You find us at 5 Willow Street."
questions = ["where are you located", "what is your address", "where is the shop", "how do I get to the shop", "where can I find you"]
)";
}

inline std::vector<sandbox::account> accounts() {
  auto plan = config::parse_tenant(business_toml(), ".",
                                   config::default_settings().retention);
  std::vector<sandbox::account> all;
  for (const auto& c : plan.value->channels)
    all.push_back({c.kind, c.access.account_id, c.access.page_id,
                   c.access.business_account_id, c.access.token,
                   "Corner Shop"});
  return all;
}

inline std::string signature_of(std::string_view body) {
  crypto::hmac_sha256 mac{std::string_view{app_secret}};
  return "X-Hub-Signature-256: sha256=" + crypto::to_hex(mac.sign(body));
}

/// A Messenger text message as Meta sends it.
inline std::string message_body(const std::string& customer,
                                const std::string& mid,
                                const std::string& text) {
  auto at = std::to_string(to_unix_ms(system_clock_source{}.now()));
  return R"({"object":"page","entry":[{"id":")" + page_id + R"(","time":)" + at
         + R"(,"messaging":[{"sender":{"id":")" + customer
         + R"("},"recipient":{"id":")" + page_id + R"("},"timestamp":)" + at
         + R"(,"message":{"mid":")" + mid + R"(","text":")" + text
         + R"("}}]}]})";
}

/// What reached the stand-in, waited for without sleeping.
class arrivals {
public:
  void add(const sandbox::observed_call& call) {
    std::lock_guard lock{mutex_};
    if (!call.is_send || !call.accepted)
      return;
    texts_.push_back(call.text);
    ++by_recipient_[call.recipient.empty() ? call.comment_id : call.recipient];
    more_.notify_all();
  }

  /// True once `count` messages were sent; false after `limit`.
  bool wait_for(std::size_t count, seconds limit) {
    std::unique_lock lock{mutex_};
    return more_.wait_for(lock, limit, [&] { return texts_.size() >= count; });
  }

  std::vector<std::string> texts() const {
    std::lock_guard lock{mutex_};
    return texts_;
  }

  std::map<std::string, int> by_recipient() const {
    std::lock_guard lock{mutex_};
    return by_recipient_;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::string> texts_;
  std::map<std::string, int> by_recipient_;
};

/// A folder of its own, gone at the end.
class scratch_folder {
public:
  scratch_folder() {
    std::string pattern =
      (std::filesystem::temp_directory_path() / "assistly-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }

  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  ~scratch_folder() {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
  }

  const std::filesystem::path& path() const {
    return path_;
  }

private:
  std::filesystem::path path_;
};

} // namespace assistly::tests
