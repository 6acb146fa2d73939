#include "tests/simulation/trace.hpp"

#include "tests/fakes/manual_clock.hpp"

#include <cstdio>
#include <span>

namespace assistly::simulation {

namespace {

constexpr std::size_t lines_kept = 60;

/// The end of a UUIDv7 is random, its beginning is time.
std::string hex_of(std::span<const std::byte> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (auto byte : bytes.last(3)) {
    text += digits[std::to_integer<unsigned>(byte) >> 4];
    text += digits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

} // namespace

std::string brief(const uuid& id) {
  return hex_of(id.bytes);
}

std::string brief(const lookup_hash& hash) {
  return hex_of(hash.bytes);
}

void trace::say(timestamp at, std::string_view line) {
  auto since = (at - fakes::some_morning).count();
  char when[32];
  std::snprintf(when, sizeof when, "%9lld.%03lld ",
                static_cast<long long>(since / 1000),
                static_cast<long long>(since % 1000));
  std::string whole{when};
  whole += line;
  whole += '\n';
  for (unsigned char c : whole)
    hash_ = (hash_ ^ c) * 1099511628211U;
  ++lines_;
  if (aloud_)
    std::fputs(whole.c_str(), stdout);
  last_.push_back(std::move(whole));
  if (last_.size() > lines_kept)
    last_.pop_front();
}

std::string trace::last() const {
  std::string all;
  for (const auto& line : last_)
    all += line;
  return all;
}

} // namespace assistly::simulation
