#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/root_key.hpp"
#include "tests/crypto/chosen_random.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace assistly::crypto {
namespace {

namespace fs = std::filesystem;

// The file of the key 00 01 02 ... 1f, made by another implementation.
constexpr std::string_view counted_file =
  "assistly root key v1\n"
  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
  "85bb60496ce6618f\n";

class root_key_file : public testing::Test {
protected:
  root_key_file() {
    std::string made = (fs::temp_directory_path() / "root_key_XXXXXX").string();
    folder_ = mkdtemp(made.data());
    file_ = folder_ / "keys";
  }

  ~root_key_file() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void write(std::string_view text, mode_t mode = 0600) {
    std::ofstream{file_, std::ios::binary} << text;
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
  }

  std::string read() const {
    std::ifstream in{file_, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  errc refusal() const {
    auto loaded = root_key::load(file_);
    if (loaded)
      return errc::none;
    // Whatever is wrong, the operator learns which file it is about.
    EXPECT_NE(loaded.error().text.find(file_.string()), std::string::npos);
    return loaded.error().code;
  }

  fs::path folder_;
  fs::path file_;
  system_random random_;
};

TEST_F(root_key_file, holds_the_same_key_when_loaded_again) {
  auto made = root_key::create(file_, random_);
  ASSERT_TRUE(made);
  auto loaded = root_key::load(file_);
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ(loaded->fingerprint(), made->fingerprint());
  EXPECT_EQ(loaded->wrapping_key().bytes, made->wrapping_key().bytes);
}

TEST_F(root_key_file, is_for_its_owner_alone) {
  auto before = umask(0);
  auto made = root_key::create(file_, random_);
  umask(before);
  ASSERT_TRUE(made);

  struct stat status {};

  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST_F(root_key_file, is_made_together_with_its_folder) {
  file_ = folder_ / "var" / "keys";
  ASSERT_TRUE(root_key::create(file_, random_));
  EXPECT_TRUE(root_key::load(file_));
  EXPECT_EQ(fs::status(folder_ / "var").permissions(), fs::perms::owner_all);
}

TEST_F(root_key_file, keeps_its_format) {
  counting_random counted{0};
  ASSERT_TRUE(root_key::create(file_, counted));
  EXPECT_EQ(read(), counted_file);
}

// Made by another implementation of HKDF. If this fails, every database written
// before is lost.
TEST_F(root_key_file, gives_the_same_derived_keys_for_ever) {
  write(counted_file);
  auto root = root_key::load(file_);
  ASSERT_TRUE(root) << root.error().text;
  EXPECT_EQ(root->fingerprint(), "af12e97e468f33fa8125882de1b841ca");
  EXPECT_EQ(to_hex(root->wrapping_key().bytes),
            "f8cf0c16d63eda7469d7169a44c8069dcfd5839c4b93b8db878b50be7b8a4a32");
  EXPECT_EQ(to_hex(root->directory_key().bytes),
            "8e86dca01a834129e70d970ff76ea2a00e1d2bf53119060c2877c1a14759e424");
  EXPECT_EQ(to_hex(root->quarantine_key().bytes),
            "4f3f1b792d94d94cd75c32c04826dd8ccf3b352937b8f7fec07f0fe0b8b7d69f");
  EXPECT_EQ(to_hex(root->ledger_seed().bytes),
            "32e3b22e3d3103c807b48dd61fe50aa7e3e03562efe7662177378073b3640b78");
}

TEST_F(root_key_file, is_never_overwritten) {
  write("something of the operator's");
  auto made = root_key::create(file_, random_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::conflict);
  EXPECT_EQ(read(), "something of the operator's");
}

TEST_F(root_key_file, is_refused_where_it_cannot_be_made) {
  write("");
  auto made = root_key::create(file_ / "below_a_file", random_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::io_failed);
}

TEST_F(root_key_file, is_refused_when_missing) {
  EXPECT_EQ(refusal(), errc::not_found);
}

TEST_F(root_key_file, is_refused_when_others_may_use_it) {
  write(counted_file);
  ASSERT_EQ(refusal(), errc::none);
  for (mode_t mode : {0644, 0640, 0604, 0660, 0620, 0601, 0700, 04600}) {
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
    EXPECT_EQ(refusal(), errc::not_permitted) << std::oct << mode;
  }
  EXPECT_NE(root_key::load(file_).error().text.find("chmod 600"),
            std::string::npos);
}

TEST_F(root_key_file, may_be_read_only) {
  write(counted_file, 0400);
  EXPECT_EQ(refusal(), errc::none);
}

TEST_F(root_key_file, is_refused_when_cut_short_anywhere) {
  // Without its last line feed the file is still whole.
  for (std::size_t size = 0; size + 1 < counted_file.size(); ++size) {
    write(counted_file.substr(0, size));
    EXPECT_EQ(refusal(), errc::invalid) << size;
  }
}

TEST_F(root_key_file, is_refused_when_any_character_is_changed) {
  for (std::size_t i = 0; i + 1 < counted_file.size(); ++i) {
    std::string changed{counted_file};
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write(changed);
    EXPECT_EQ(refusal(), errc::invalid) << i;
  }
}

TEST_F(root_key_file, is_refused_with_anything_behind_it) {
  for (auto more : {"\n", "x", "\nassistly root key v1\n"}) {
    write(std::string{counted_file} + more);
    EXPECT_EQ(refusal(), errc::invalid);
  }
  write(std::string{counted_file} + std::string(100'000, 'x'));
  EXPECT_EQ(refusal(), errc::invalid);
}

TEST_F(root_key_file, is_refused_with_a_key_of_another_size) {
  // The checksum fits: 16 bytes of key.
  write("assistly root key v1\nAAECAwQFBgcICQoLDA0ODw==\nd45ac1a4387218e1\n");
  EXPECT_EQ(refusal(), errc::invalid);
}

TEST_F(root_key_file, says_so_when_its_version_is_newer) {
  write("assistly root key v2\nwhatever\n");
  auto loaded = root_key::load(file_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, errc::invalid);
  EXPECT_NE(loaded.error().text.find("version"), std::string::npos);
}

TEST_F(root_key_file, is_refused_when_it_is_a_folder) {
  fs::create_directory(file_);
  EXPECT_EQ(refusal(), errc::invalid);
}

TEST_F(root_key_file, does_not_show_its_content_in_a_refusal) {
  std::string changed{counted_file};
  changed[30] = 'x';
  write(changed);
  auto loaded = root_key::load(file_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().text.find("AAECAwQF"), std::string::npos);
}

TEST_F(root_key_file, gives_unlike_keys_for_unlike_uses) {
  auto root = root_key::create(file_, random_);
  ASSERT_TRUE(root);
  std::set used{root->wrapping_key().bytes, root->directory_key().bytes,
                root->quarantine_key().bytes, root->ledger_seed().bytes};
  EXPECT_EQ(used.size(), 4U);
  for (auto& key : used)
    EXPECT_FALSE(to_hex(key).starts_with(root->fingerprint()));
}

TEST_F(root_key_file, has_another_fingerprint_than_the_next) {
  auto one = root_key::create(file_, random_);
  auto two = root_key::create(folder_ / "other", random_);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->fingerprint(), two->fingerprint());
}

} // namespace
} // namespace assistly::crypto
