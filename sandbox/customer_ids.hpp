/// Who a named customer is to each account. The same name is the same person
/// again after a restart and from another browser, so ids follow from names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assistly::sandbox {

/// Longest name of a customer, in code points.
inline constexpr std::size_t longest_name = 60;

/// The name without blanks around it; nothing if it is empty, too long, no
/// UTF-8 or holds control characters.
std::optional<std::string> customer_name(std::string_view typed);

/// What names are compared by: "Ana" and "ana" are one customer.
std::string customer_key(std::string_view name);

/// Page-scoped id of a Messenger contact (CONTRACT 1): one per Page.
std::string psid_of(std::string_view key, std::string_view page_id);

/// `from.id` of a comment on a Page: not the PSID, as with Meta.
std::string page_user_of(std::string_view key, std::string_view page_id);

/// Instagram-scoped id: one per account, the same for messages and comments.
std::string igsid_of(std::string_view key, std::string_view account_id);

/// `from.username` of a comment on Instagram.
std::string username_of(std::string_view key);

/// wa_id: digits of a phone number under +999, which is given to no country, so
/// that it is nobody's.
std::string phone_of(std::string_view key);

/// Business-scoped user id, for the portfolio that owns the WABA.
std::string bsuid_of(std::string_view key,
                     std::string_view business_account_id);

/// Digits made from any text: ids of default posts, of a WABA, of a number.
std::string digits_from(std::string_view text, std::string_view prefix,
                        std::size_t length);

} // namespace assistly::sandbox
