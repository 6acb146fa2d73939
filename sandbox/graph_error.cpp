#include "sandbox/graph_error.hpp"

#include "protocol/json/writer.hpp"

#include <array>

namespace assistly::sandbox {

namespace {

constexpr std::string_view oauth = "OAuthException";
constexpr std::string_view instagram = "IGApiException";

struct known_error {
  int code;
  int subcode;
  int status;
  std::string_view type;
  bool transient;
  std::string_view message;
  std::string_view details;
};

// Numbers and statuses from CONTRACT 12 and the recorded answers that come with
// it. The words are illustrative.
constexpr std::array known{
  known_error{1, 0, 500, oauth, true, "An unknown error occurred", {}},
  known_error{
    1, 1357046, 500, oauth, false, "(#1) Received invalid JSON reply.", {}},
  known_error{2,
              0,
              500,
              oauth,
              true,
              "An unexpected error has occurred. Please retry your request "
              "later.",
              {}},
  known_error{3,
              0,
              403,
              oauth,
              false,
              "(#3) Application does not have the capability to make this API "
              "call.",
              {}},
  known_error{
    4, 0, 400, oauth, false, "(#4) Application request limit reached", {}},
  known_error{10,
              0,
              403,
              oauth,
              false,
              "(#10) Application does not have permission for this action",
              {}},
  known_error{10,
              1893063,
              400,
              oauth,
              false,
              "(#10) This Page is temporarily restricted from sending "
              "messages.",
              {}},
  known_error{10,
              2018108,
              400,
              oauth,
              false,
              "(#10) This Person Cannot Receive Messages: This person isn't "
              "receiving messages from you right now.",
              {}},
  known_error{10,
              2018278,
              400,
              oauth,
              false,
              "(#10) This message is sent outside of allowed window.",
              {}},
  known_error{10,
              2534022,
              403,
              instagram,
              false,
              "This message is sent outside of allowed window.",
              {}},
  known_error{17, 0, 400, oauth, false, "(#17) User request limit reached", {}},
  known_error{32, 0, 400, oauth, false, "(#32) Page request limit reached", {}},
  known_error{
    100, 2018001, 400, oauth, false, "(#100) No matching user found", {}},
  known_error{100,
              2534014,
              400,
              instagram,
              false,
              "(#100) The requested user cannot be found.",
              {}},
  known_error{100,
              2534025,
              400,
              instagram,
              false,
              "The comment is invalid for a private reply.",
              {}},
  known_error{102, 0, 400, oauth, false, "API Session", {}},
  known_error{104,
              0,
              400,
              "GraphMethodException",
              false,
              "API calls from the server require an appsecret_proof argument",
              {}},
  known_error{190,
              0,
              401,
              oauth,
              false,
              "Invalid OAuth access token - Cannot parse access token",
              {}},
  known_error{190,
              458,
              400,
              oauth,
              false,
              "Error validating access token: The user has not authorized the "
              "application.",
              {}},
  known_error{190,
              459,
              400,
              oauth,
              false,
              "Error validating access token: You cannot access the app till "
              "you log in to www.facebook.com and follow the instructions "
              "given.",
              {}},
  known_error{190,
              460,
              400,
              oauth,
              false,
              "Error validating access token: The session has been invalidated "
              "because the user changed their password.",
              {}},
  known_error{190,
              463,
              400,
              oauth,
              false,
              "Error validating access token: Session has expired",
              {}},
  known_error{190,
              467,
              400,
              oauth,
              false,
              "Error validating access token: This may be because the user "
              "logged out.",
              {}},
  known_error{200,
              0,
              403,
              oauth,
              false,
              "(#200) Requires pages_messaging permission to manage the object",
              {}},
  known_error{200,
              1545041,
              400,
              oauth,
              false,
              "(#551) This person isn't available right now.",
              {}},
  known_error{200,
              2534041,
              403,
              oauth,
              false,
              "(#200) The account owner has disabled access to instagram "
              "direct messages.",
              {}},
  known_error{
    341, 0, 400, oauth, false, "(#341) Feed action request limit reached", {}},
  known_error{368,
              1390008,
              403,
              oauth,
              false,
              "(#368) The action attempted has been deemed abusive or is "
              "otherwise disallowed",
              {}},
  known_error{
    506, 1455006, 400, oauth, false, "(#506) Duplicate status message", {}},
  known_error{551,
              1545041,
              400,
              oauth,
              false,
              "(#551) This person isn't available right now.",
              {}},
  known_error{613,
              0,
              400,
              oauth,
              false,
              "(#613) Calls to this api have exceeded the rate limit.",
              {}},
  known_error{613,
              2534040,
              400,
              instagram,
              false,
              "(#613) Calls to this api have exceeded the rate limit.",
              {}},
  known_error{1200,
              0,
              400,
              oauth,
              false,
              "(#1200) Temporary send message failure. Please try again later.",
              {}},
  known_error{80001,
              0,
              400,
              oauth,
              false,
              "(#80001) There have been too many calls to this Page account.",
              {}},
  known_error{80002,
              0,
              400,
              oauth,
              false,
              "(#80002) There have been too many calls to this Instagram "
              "account.",
              {}},
  known_error{80006,
              0,
              400,
              oauth,
              false,
              "(#80006) There have been too many calls to this Messenger "
              "account.",
              {}},
  known_error{80007,
              0,
              400,
              oauth,
              false,
              "(#80007) There have been too many calls to this WhatsApp "
              "Business account.",
              {}},
  known_error{130429, 0, 400, oauth, false, "(#130429) Rate limit hit",
              "Cloud API message throughput has been reached."},
  known_error{131000, 0, 500, oauth, false, "(#131000) Something went wrong",
              "Message failed to send because of an unknown error."},
  known_error{131005, 0, 403, oauth, false, "(#131005) Access denied",
              "Permission is either not granted or has been removed."},
  known_error{131008, 0, 400, oauth, false,
              "(#131008) Required parameter is missing",
              "The request is missing a required parameter."},
  known_error{131009, 0, 400, oauth, false,
              "(#131009) Parameter value is not valid",
              "One or more parameter values are invalid."},
  known_error{131016, 0, 500, oauth, false, "(#131016) Service unavailable",
              "A service is temporarily unavailable."},
  known_error{131026, 0, 400, oauth, false, "(#131026) Message undeliverable",
              "Unable to deliver message."},
  known_error{131047, 0, 400, oauth, false, "(#131047) Re-engagement message",
              "More than 24 hours have passed since the recipient last replied "
              "to the sender number."},
  known_error{131048, 0, 400, oauth, false, "(#131048) Spam rate limit hit",
              "There are restrictions on how many messages can be sent from "
              "this phone number."},
  known_error{131051, 0, 400, oauth, false,
              "(#131051) Unsupported message type",
              "Unsupported message type."},
  known_error{131056, 0, 400, oauth, false,
              "(#131056) (Business Account, Consumer Account) pair rate limit "
              "hit",
              "Too many messages were sent from this phone number to the same "
              "phone number in a short period of time."},
  known_error{131057, 0, 500, oauth, false,
              "(#131057) Account in maintenance mode",
              "Business Account is in maintenance mode."},
  known_error{133010, 0, 400, oauth, false, "(#133010) Account not registered",
              "Phone number not registered on the WhatsApp Business Platform."},
};

graph_error made_from(const known_error& one) {
  return {one.status,
          one.code,
          one.subcode,
          std::string{one.message},
          std::string{one.type},
          one.transient,
          std::string{one.details}};
}

} // namespace

graph_error error_of(int code, int subcode,
                     std::optional<channel_kind> channel) {
  graph_error made;
  made.code = code;
  made.subcode = subcode;
  made.message = "(#" + std::to_string(code) + ") The request was refused";
  for (const auto& one : known)
    if (one.code == code && one.subcode == subcode)
      made = made_from(one);
  // Instagram's host signs its token errors as its own (CONTRACT 12).
  if (code == 190 && channel
      && (*channel == channel_kind::instagram
          || *channel == channel_kind::instagram_comments))
    made.type = instagram;
  return made;
}

graph_error invalid_parameter(std::string_view message) {
  graph_error made;
  made.code = 100;
  made.message = "(#100) ";
  made.message += message;
  return made;
}

graph_error no_such_object(std::string_view method, std::string_view id) {
  std::string verb{method};
  for (char& c : verb)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  graph_error made;
  made.code = 100;
  made.subcode = 33;
  made.type = "GraphMethodException";
  made.message = "Unsupported " + verb + " request. Object with ID '"
                 + std::string{id}
                 + "' does not exist, cannot be loaded due to missing "
                   "permissions, or does not support this operation.";
  return made;
}

http::response graph_response(int status, std::string body) {
  http::response made;
  made.status = status;
  made.content_type = "application/json; charset=UTF-8";
  made.body = std::move(body);
  return made;
}

http::response to_response(const graph_error& error,
                           std::string_view trace_id) {
  json::json_writer out{json::json_form::escaped};
  out.open().key("error").open();
  out.text("message", error.message).text("type", error.type);
  out.number("code", error.code);
  if (error.subcode != 0)
    out.number("error_subcode", error.subcode);
  if (error.is_transient)
    out.flag("is_transient", true);
  if (!error.details.empty())
    out.key("error_data")
      .open()
      .text("messaging_product", "whatsapp")
      .text("details", error.details)
      .close();
  out.text("fbtrace_id", trace_id).close().close();
  auto made = graph_response(error.status, std::move(out).take());
  if (error.code == 190 && error.status == 401)
    made.headers.emplace_back(
      "WWW-Authenticate",
      "OAuth \"Facebook Platform\" \"invalid_token\" \"Invalid OAuth access "
      "token\"");
  return made;
}

} // namespace assistly::sandbox
