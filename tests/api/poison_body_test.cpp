/// RELIABILITY P9 at the edge: bodies that are signed and meant to hurt whoever
/// reads them.
#include "tests/api/edge_case.hpp"

namespace assistly::api {
namespace {

class poison_body : public fakes::edge_case {
protected:
  int send(std::string body) {
    auto signature = signed_by_meta(body);
    return post(std::move(body), std::move(signature)).status;
  }

  std::int64_t kept() {
    return node.number("SELECT (SELECT count(*) FROM journal) + "
                       "(SELECT count(*) FROM kept_event) + "
                       "(SELECT count(*) FROM quarantine)");
  }

  /// A message whose `message` is this, with an id of its own.
  static std::string holding(const std::string& message) {
    return R"({"object":"page","entry":[{"id":"acme-page","time":1,)"
           R"("messaging":[{"sender":{"id":"7001"},"recipient":{"id":)"
           R"("acme-page"},"timestamp":1800000000000,"message":)"
           + message + "}]}]}";
  }

  static std::string nested(std::size_t depth, char open, char close,
                            const std::string& inside) {
    std::string all(depth, open);
    all += inside;
    all += std::string(depth, close);
    return all;
  }
};

TEST_F(poison_body, P9_is_kept_aside_and_hurts_nobody_else) {
  const std::vector<std::string> bodies{
    nested(1'000, '[', ']', "1"),
    nested(100'000, '[', ']', ""),
    nested(1'000, '[', ' ', ""),
    holding(R"({"mid":"m_a","attachments":)" + nested(1'000, '[', ']', "{}")
            + "}"),
    holding("{\"mid\":\"m_b\",\"text\":\"\xff\xfe\xc0\xaf\"}"),
    holding("{\"mid\":\"m_c\",\"text\":\"\xed\xa0\x80\"}"),
    holding(R"({"mid":"m_d","text":"\ud800"})"),
    holding(R"({"mid":"m_e","text":1e999999})"),
    holding(R"({"mid":99999999999999999999999999,"text":"x"})"),
    holding(R"({"mid":"m_f","mid":"m_f","text":{"text":[]}})"),
    holding(R"({"mid":"m_g","text":"cut)"),
    std::string("{\"object\":\"page\"\0}", 18),
    "\xef\xbb\xbf{}",
    "",
    std::string(200'000, '{'),
    R"({"object":"page","entry":[[[]],7,null,{"id":{}}]})",
  };
  int good = 0;
  for (const auto& body : bodies) {
    auto before = kept();
    EXPECT_EQ(send(body), 200) << "Meta would send it again for hours";
    auto after = kept();
    EXPECT_GE(after, before);
    ASSERT_EQ(write(++good), 200);
    EXPECT_EQ(kept(), after + 1) << "the next one is accepted as ever";
  }
  EXPECT_GE(node.number("SELECT count(*) FROM quarantine"), 8)
    << "what could not be read is there to be looked at";
  EXPECT_EQ(node.broken(), "");
}

TEST_F(poison_body, P9_control_a_body_that_can_be_read_is_not_set_aside) {
  ASSERT_EQ(send(holding(R"({"mid":"m_a","text":"Hello"})")), 200);
  EXPECT_EQ(node.number("SELECT count(*) FROM quarantine"), 0);
  EXPECT_EQ(node.number("SELECT count(*) FROM journal"), 1);
}

} // namespace
} // namespace assistly::api
