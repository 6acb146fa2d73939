#include "answers/courtesy.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace assistly::answers {
namespace {

bool mere(std::string_view text) {
  return is_mere_courtesy(normalise(text), text);
}

TEST(is_mere_courtesy, knows_thanks_assent_and_goodbye) {
  for (const auto* text : {"thanks",
                           "Thank you so much!",
                           "thanks for your help",
                           "ok",
                           "ok thanks",
                           "great, thanks 👍",
                           "👍",
                           "❤️",
                           "🙏🏽",
                           "muchas gracias",
                           "vale, gracias",
                           "obrigada!",
                           "merci beaucoup",
                           "vielen Dank, alles klar",
                           "danke schön",
                           "mille grazie",
                           "dank je wel",
                           "dziękuję bardzo",
                           "спасибо большое",
                           "teşekkür ederim",
                           "terima kasih",
                           "cảm ơn",
                           "شكرا جزيلا",
                           "תודה רבה",
                           "谢谢",
                           "ありがとうございます",
                           "감사합니다",
                           "ขอบคุณค่ะ",
                           "bye"})
    EXPECT_TRUE(mere(text)) << text;
}

TEST(is_mere_courtesy, leaves_everything_doubtful_to_others) {
  for (const auto* text :
       {"thanks for nothing", "ok?", "thanks, but when?", "ok and the price",
        "😡", "thanks 😡", "👎", "no", "yes", "hello", "good morning", "",
        "gracias pero no llegó", "you", "very much", "great question", "...",
        "thank you for the broken lamp"})
    EXPECT_FALSE(mere(text)) << text;
}

} // namespace
} // namespace assistly::answers
