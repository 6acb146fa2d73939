#include "protocol/graph/send_result.hpp"

#include <gtest/gtest.h>

namespace assistly::graph {
namespace {

std::string error_body(const std::string& inside) {
  return R"({"error":{)" + inside + "}}";
}

outcome_class class_of(int code, int subcode = 0) {
  return classify(400,
                  error_body("\"code\":" + std::to_string(code)
                             + ",\"error_subcode\":" + std::to_string(subcode)))
    .what;
}

TEST(send_result, is_in_doubt_for_whatever_it_does_not_understand) {
  for (const std::string body : {"",
                                 " ",
                                 "null",
                                 "[]",
                                 "7",
                                 "\"sent\"",
                                 "{}",
                                 "{\"success\":true}",
                                 "<html><body>502 Bad Gateway</body></html>",
                                 "{\"message_id\":",
                                 "{\"message_id\":\"\"}",
                                 "{\"message_id\":null}",
                                 "{\"message_id\":{\"a\":1}}",
                                 "{\"messages\":[]}",
                                 "{\"messages\":[{}]}",
                                 "{\"messages\":\"x\"}",
                                 "{\"error\":null}",
                                 "{\"error\":\"x\"}",
                                 "{\"error\":{}}",
                                 "{\"error\":{\"code\":\"190\"}}",
                                 "{\"error\":{\"code\":-1}}",
                                 "{\"error\":{\"code\":99999999999}}",
                                 "{\"error\":{\"code\":1.5}}",
                                 "{\"error\":{\"code\":777777}}"})
    for (const int status : {0, 200, 302, 400, 404, 429, 500, 502})
      EXPECT_EQ(classify(status, body).what, outcome_class::in_doubt)
        << status << ' ' << body;
}

TEST(send_result, is_in_doubt_for_an_id_without_success) {
  for (const int status : {0, 100, 199, 300, 302, 400, 500, 503})
    EXPECT_EQ(classify(status, R"({"message_id":"m"})").what,
              outcome_class::in_doubt)
      << status;
  EXPECT_EQ(classify(201, R"({"message_id":"m"})").what, outcome_class::sent);
}

TEST(send_result, survives_deep_nesting_and_large_answers) {
  EXPECT_EQ(classify(200, std::string(100000, '[')).what,
            outcome_class::in_doubt);
  EXPECT_EQ(classify(200, R"({"message_id":"m","x":")"
                            + std::string(2'000'000, 'x') + R"("})")
              .what,
            outcome_class::in_doubt);
}

TEST(send_result, reads_ids_that_are_numbers) {
  const auto got = classify(
    200, R"({"recipient_id":7000000000000001,"message_id":17841400000000501})");
  EXPECT_EQ(got.external_id, "17841400000000501");
  EXPECT_EQ(got.recipient_id, "7000000000000001");
}

TEST(send_result, decides_by_code_and_then_by_subcode) {
  using enum outcome_class;
  EXPECT_EQ(class_of(10), permission);
  EXPECT_EQ(class_of(10, 2018278), refused_window);
  EXPECT_EQ(class_of(10, 2018065), refused_window);
  EXPECT_EQ(class_of(10, 2534022), refused_window);
  EXPECT_EQ(class_of(10, 1893063), paused);
  EXPECT_EQ(class_of(10, 2018108), refused_unreachable);
  EXPECT_EQ(class_of(10, 12345), permission);
  EXPECT_EQ(class_of(200, 1545041), refused_unreachable);
  EXPECT_EQ(class_of(200, 2534041), permission);
  EXPECT_EQ(class_of(551, 1545041), refused_unreachable);
  EXPECT_EQ(class_of(551), refused_unreachable);
  EXPECT_EQ(class_of(100, 2534025), private_reply_spent);
  EXPECT_EQ(class_of(100, 2534029), paused);
  EXPECT_EQ(class_of(100, 4711), refused_permanent);
  EXPECT_EQ(class_of(0), token_dead);
  EXPECT_EQ(class_of(3), permission);
  EXPECT_EQ(class_of(190, 492), token_dead);
}

TEST(send_result, takes_the_whole_range_of_permissions) {
  for (int code = 200; code <= 299; ++code)
    EXPECT_EQ(class_of(code), outcome_class::permission) << code;
  EXPECT_EQ(class_of(199), outcome_class::in_doubt);
  EXPECT_EQ(class_of(300), outcome_class::in_doubt);
}

TEST(send_result, knows_the_codes_that_no_stored_answer_shows) {
  using enum outcome_class;
  EXPECT_EQ(class_of(80008), rate_limited);
  EXPECT_EQ(class_of(133004), in_doubt);
  EXPECT_EQ(class_of(130472), refused_permanent);
  EXPECT_EQ(class_of(130497), refused_unreachable);
  EXPECT_EQ(class_of(131052), refused_permanent);
  EXPECT_EQ(class_of(132012), refused_permanent);
  EXPECT_EQ(class_of(132016), refused_permanent);
  EXPECT_EQ(class_of(135000), refused_permanent);
}

TEST(send_result, never_looks_at_the_wording) {
  const auto with_text = classify(
    400, error_body(R"("code":190,"message":"Rate limit hit, sent anyway")"));
  EXPECT_EQ(with_text.what, outcome_class::token_dead);
}

TEST(send_result, waits_as_long_as_meta_says) {
  const std::vector<std::pair<std::string, std::string>> headers{
    {"x-business-use-case-usage",
     R"({"1":[{"type":"messenger","estimated_time_to_regain_access":7}]})"}};
  EXPECT_EQ(classify(400, error_body("\"code\":80006"), headers).retry_after,
            minutes{7});
  EXPECT_EQ(classify(400, error_body("\"code\":4"), headers).retry_after,
            minutes{7});
  // A pair's limit is about one person, not about the account.
  EXPECT_EQ(classify(400, error_body("\"code\":131056"), headers).retry_after,
            seconds{4});
}

TEST(send_result, keeps_a_trace_out_of_the_log_that_is_none) {
  const auto trace = [](const std::string& text) {
    return classify(400, error_body(R"("code":4,"fbtrace_id":")" + text + "\""))
      .fbtrace_id;
  };
  EXPECT_EQ(trace("AbC_-+/=9"), "AbC_-+/=9");
  EXPECT_EQ(trace("a b"), "");
  EXPECT_EQ(trace("a\\nb"), "");
  EXPECT_EQ(trace(std::string(65, 'a')), "");
}

TEST(send_result, speaks_the_words_of_the_outbox) {
  const auto report = [](int code, int subcode = 0) {
    return report_of(classify(
      400, error_body("\"code\":" + std::to_string(code)
                      + ",\"error_subcode\":" + std::to_string(subcode))));
  };
  EXPECT_EQ(report(190).what, send_class::token_dead);
  EXPECT_EQ(report(4).what, send_class::try_later);
  EXPECT_GT(report(4).retry_after, milliseconds{0});
  EXPECT_EQ(report(131057).what, send_class::try_later);
  EXPECT_EQ(report(368).what, send_class::try_later);
  EXPECT_EQ(report(10).what, send_class::refused);
  EXPECT_EQ(report(131047).what, send_class::refused);
  EXPECT_EQ(report(131047).code, 131047);
  EXPECT_EQ(report(100, 2534025).what, send_class::refused);
  EXPECT_EQ(report(506).what, send_class::refused);
  EXPECT_EQ(report(551).what, send_class::refused);
  EXPECT_EQ(report(1).what, send_class::in_doubt);
  const auto sent = report_of(classify(200, R"({"message_id":"m"})"));
  EXPECT_EQ(sent.what, send_class::sent);
  EXPECT_EQ(sent.external_id, "m");
}

} // namespace
} // namespace assistly::graph
