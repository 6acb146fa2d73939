/// What tests of erasures start from.
#pragma once

#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace assistly::storage {

inline std::string field(const receipt& r, std::string_view name) {
  for (const auto& [key, value] : r.fields)
    if (key == name)
      return value;
  return "(none)";
}

class erasure_case : public testing::Test {
protected:
  /// Two customers, the first of whom was answered.
  void talk() {
    first_ = *node_.hear(fakes::message("Hello", "m_1")).now;
    node_.clock.advance(seconds{3});
    auto id = node_.answer(first_, "Hi!", true).sends.at(0).id;
    node_.sent(id, "m_out");
    second_ = *node_.hear(fakes::message("Hello", "m_2", "customer-2")).now;
  }

  std::int64_t rows(const std::string& table) {
    return node_.number("SELECT count(*) FROM " + table);
  }

  bool has_key(const key_name& name) {
    return node_.read([&](session& s) { return s.keys.exists(name); });
  }

  fakes::storage_node node_;
  conversation first_;
  conversation second_;
};

} // namespace assistly::storage
