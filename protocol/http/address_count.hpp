/// Private to the server's translation unit: how many connections each address
/// holds, over all I/O threads.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace assistly::http {

/// A client as limits see it. An IPv6 customer has a /64 to himself, so its
/// other half says nothing.
using client_key = std::array<unsigned char, 8>;

inline client_key make_client_key(const boost::asio::ip::address& a) noexcept {
  client_key key{};
  if (a.is_v6()) {
    const auto bytes = a.to_v6().to_bytes();
    std::copy_n(bytes.begin(), key.size(), key.begin());
  } else {
    const auto bytes = a.to_v4().to_bytes();
    // No /64 in use starts with zeros, so the two kinds cannot meet.
    std::copy(bytes.begin(), bytes.end(), key.begin() + 4);
  }
  return key;
}

/// Asked at accept and close only, so one lock for all threads costs nothing.
class address_count {
public:
  /// Connections of that client, with this one.
  std::size_t add(const client_key& key) {
    const std::lock_guard lock{mutex_};
    return ++counts_[key];
  }

  void remove(const client_key& key) noexcept {
    const std::lock_guard lock{mutex_};
    if (const auto found = counts_.find(key);
        found != counts_.end() && --found->second == 0)
      counts_.erase(found);
  }

private:
  std::mutex mutex_;
  std::map<client_key, std::size_t> counts_;
};

} // namespace assistly::http
