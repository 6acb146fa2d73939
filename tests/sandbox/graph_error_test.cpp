/// Refusals, against the answers recorded from Meta.
#include "sandbox/graph_error.hpp"
#include "tests/sandbox/sandbox_case.hpp"

#include <filesystem>

namespace assistly::sandbox {

namespace {

TEST(graph_error, has_status_type_and_numbers_of_metas_recorded_answers) {
  int compared = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator{ASSISTLY_FIXTURES "/responses"}) {
    if (!entry.path().filename().string().starts_with("error-"))
      continue;
    json::json_fields recorded;
    ASSERT_TRUE(recorded.add_json(file_text(entry.path().string())));
    const auto code = recorded.number("body.error.code");
    const auto subcode = recorded.number("body.error.error_subcode");
    // Code 190 of Instagram and 100 without a subcode have many causes.
    if (!code || (code == 100 && !subcode)
        || entry.path().string().find("190-instagram") != std::string::npos)
      continue;
    const auto made =
      error_of(static_cast<int>(*code), static_cast<int>(subcode.value_or(0)));
    // Those the stand-in never gives by itself keep plain words.
    if (made.message.ends_with("The request was refused")
        || (code == 100 && subcode == 33))
      continue;
    ++compared;
    EXPECT_EQ(made.status, recorded.number("status")) << entry.path();
    EXPECT_EQ(made.type, recorded.text("body.error.type")) << entry.path();
    EXPECT_EQ(made.is_transient,
              recorded.flag("body.error.is_transient").value_or(false))
      << entry.path();
    EXPECT_EQ(made.details.empty(),
              recorded.text("body.error.error_data.details").empty())
      << entry.path();
  }
  EXPECT_GT(compared, 30);
}

TEST(graph_error, names_the_missing_object) {
  const auto made = no_such_object("POST", "12_34");
  EXPECT_EQ(made.code, 100);
  EXPECT_EQ(made.subcode, 33);
  EXPECT_EQ(made.type, "GraphMethodException");
  EXPECT_NE(made.message.find("'12_34'"), std::string::npos);
}

TEST(graph_error, is_of_instagrams_type_for_its_tokens) {
  EXPECT_EQ(error_of(190, 463, channel_kind::instagram).type, "IGApiException");
  EXPECT_EQ(error_of(190, 463, channel_kind::messenger).type, "OAuthException");
}

} // namespace

} // namespace assistly::sandbox
