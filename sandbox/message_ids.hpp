/// Ids that Meta would give, drawn from the source of chance.
#pragma once

#include "model/clock.hpp"

#include <string>
#include <string_view>

namespace assistly::sandbox {

/// Never repeats in practice: 96 random bits and more behind each.
class message_ids {
public:
  explicit message_ids(random_source& random) : random_(random) {}

  std::string messenger(); ///< mid, `m_…`
  std::string instagram(); ///< mid, longer and without the `m_`
  std::string whatsapp();  ///< `wamid.…==`
  /// `{post part}_{number}` under a post `{page}_{post part}` (CONTRACT 5).
  std::string page_comment(std::string_view post_id);
  std::string instagram_comment();
  std::string trace(); ///< fbtrace_id

private:
  std::string text(std::size_t bytes);
  std::string digits(std::string_view prefix, std::size_t length);

  random_source& random_;
};

} // namespace assistly::sandbox
