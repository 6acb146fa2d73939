#include "config/settings.hpp"
#include "tests/config/fault_lookup.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <unistd.h>

namespace assistly::config {
namespace {

TEST(secret_file, gives_its_first_line_without_the_line_end) {
  const test_folder folder;
  folder.write("app", "s3cret\r\nsecond line\n");
  folder.write("key", "k3y");
  const auto read = parse_settings("[meta]\napp_secret_file = \"app\"\n"
                                   "[answers]\napi_key_file = \"key\"\n",
                                   folder.path(), {});
  ASSERT_TRUE(read) << all_text(read.faults);
  EXPECT_EQ(read.value->meta.app_secret.reveal(), "s3cret");
  EXPECT_EQ(read.value->answers.api_key.reveal(), "k3y");
}

TEST(secret_file, of_a_list_holds_one_secret_a_line) {
  const test_folder folder;
  folder.write("more", "one\n\ntwo\r\n");
  const auto read = parse_settings("[meta]\nmore_app_secrets_file = \"more\"\n",
                                   folder.path(), {});
  ASSERT_TRUE(read) << all_text(read.faults);
  ASSERT_EQ(read.value->meta.more_app_secrets.size(), 2U);
  EXPECT_EQ(read.value->meta.more_app_secrets[1].reveal(), "two");
}

TEST(secret_file, is_refused_when_it_is_absent_empty_or_a_folder) {
  const test_folder folder;
  folder.write("empty", "\nsecond");
  std::filesystem::create_directory(folder.path() / "folder");
  const auto read = parse_settings("[meta]\napp_secret_file = \"absent\"\n"
                                   "verify_token_file = \"empty\"\n"
                                   "instagram_app_secret_file = \"folder\"\n",
                                   folder.path(), {});
  ASSERT_EQ(read.faults.size(), 3U) << all_text(read.faults);
  const auto absent = fault_of(read.faults, "meta.app_secret_file");
  EXPECT_NE(absent.text.find("does not exist"), std::string::npos);
  EXPECT_EQ(absent.line, 2);
  const auto empty = fault_of(read.faults, "meta.verify_token_file");
  EXPECT_NE(empty.text.find("is empty"), std::string::npos);
  EXPECT_EQ(empty.text.find("second"), std::string::npos);
  EXPECT_NE(fault_of(read.faults, "meta.instagram_app_secret_file")
              .text.find("is a folder"),
            std::string::npos);
}

/// Root may read everything, so the test becomes nobody while it lives.
class as_nobody {
public:
  as_nobody() : was_root_(::geteuid() == 0) {
    if (was_root_) {
      EXPECT_EQ(::seteuid(65534), 0);
    }
  }

  ~as_nobody() {
    if (was_root_) {
      EXPECT_EQ(::seteuid(0), 0);
    }
  }

  as_nobody(const as_nobody&) = delete;
  as_nobody& operator=(const as_nobody&) = delete;

private:
  bool was_root_;
};

TEST(secret_file, that_this_user_may_not_read_is_named) {
  const test_folder folder;
  const auto file = folder.write("closed", "s3cret");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  const as_nobody nobody;
  const auto read =
    parse_settings("[meta]\napp_secret_file = \"closed\"\n", folder.path(), {});
  EXPECT_NE(
    fault_of(read.faults, "meta.app_secret_file").text.find("may not be read"),
    std::string::npos);
}

TEST(secret_file, larger_than_a_secret_can_be_is_refused) {
  const test_folder folder;
  folder.write("huge", std::string(70000, 'x'));
  const auto read =
    parse_settings("[meta]\napp_secret_file = \"huge\"\n", folder.path(), {});
  EXPECT_NE(fault_of(read.faults, "meta.app_secret_file")
              .text.find("larger than 65536 bytes"),
            std::string::npos);
}

TEST(secret_file, beside_the_secret_itself_is_refused) {
  const auto read = parse_settings(
    "[meta]\napp_secret = \"canary\"\napp_secret_file = \"x\"\n", {}, {});
  ASSERT_EQ(read.faults.size(), 1U) << all_text(read.faults);
  EXPECT_NE(read.faults[0].text.find("keep one"), std::string::npos);
  EXPECT_EQ(all_text(read.faults).find("canary"), std::string::npos);
}

TEST(secret_file, can_be_named_by_the_environment) {
  const test_folder folder;
  const auto file = folder.write("app", "from-file\n");
  const auto read =
    parse_settings("[meta]\napp_secret = \"from-toml\"\n", {},
                   {{"ASSISTLY_META_APP_SECRET_FILE", file.string()}});
  ASSERT_TRUE(read) << all_text(read.faults);
  EXPECT_EQ(read.value->meta.app_secret.reveal(), "from-file");
}

TEST(secret_file, need_not_be_there_when_the_environment_overrides_it) {
  const auto read =
    parse_settings("[meta]\napp_secret_file = \"/nowhere\"\n", {},
                   {{"ASSISTLY_META_APP_SECRET", "variable"}});
  ASSERT_TRUE(read) << all_text(read.faults);
  EXPECT_EQ(read.value->meta.app_secret.reveal(), "variable");
}

TEST(secret_file, twice_in_the_environment_is_refused) {
  const auto read =
    parse_settings("", {},
                   {{"ASSISTLY_META_APP_SECRET", "canary"},
                    {"ASSISTLY_META_APP_SECRET_FILE", "/nowhere"}});
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_EQ(read.faults[0].key, "ASSISTLY_META_APP_SECRET");
  EXPECT_EQ(all_text(read.faults).find("canary"), std::string::npos);
}

TEST(secret, of_a_wrong_type_is_refused_without_its_value) {
  const auto read = parse_settings("[meta]\napp_secret = 4242424242\n"
                                   "more_app_secrets = [\"ok\", 4242424242]\n"
                                   "verify_token = \"two\\nlines4242424242\"\n",
                                   {}, {});
  EXPECT_EQ(read.faults.size(), 3U) << all_text(read.faults);
  EXPECT_EQ(all_text(read.faults).find("4242424242"), std::string::npos);
}

TEST(signing_secrets, are_all_that_may_have_signed_a_webhook) {
  const auto read =
    parse_settings("[meta]\napp_secret = \"a\"\ninstagram_app_secret = \"b\"\n"
                   "more_app_secrets = [\"c\"]\n",
                   {}, {});
  ASSERT_TRUE(read);
  const auto secrets = signing_secrets(read.value->meta);
  ASSERT_EQ(secrets.size(), 3U);
  EXPECT_EQ(secrets[0].reveal(), "a");
  EXPECT_EQ(secrets[1].reveal(), "b");
  EXPECT_EQ(secrets[2].reveal(), "c");
  EXPECT_TRUE(signing_secrets(default_settings().meta).empty());
}

} // namespace
} // namespace assistly::config
