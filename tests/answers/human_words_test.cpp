#include "answers/human_words.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace assistly::answers {
namespace {

bool asks(std::string_view text) {
  return asks_for_human(normalise(text));
}

TEST(asks_for_human, knows_the_bare_word_in_many_languages) {
  for (const auto* text :
       {"human",      "Agent!",       "HUMAN PLEASE", "operator", "real person",
        "persona",    "agente",       "operador",     "humano",   "atendente",
        "umano",      "operatore",    "humain",       "Mensch",   "Mitarbeiter",
        "medewerker", "människa",     "menneske",     "ihminen",  "człowiek",
        "konsultant", "operátor",     "om real",      "ember",    "άνθρωπο",
        "insan",      "temsilci",     "оператор",     "человек",  "людина",
        "оператора",  "manusia",      "nhân viên",    "موظف",     "إنسان",
        "اپراتور",    "נציג",         "इंसान",         "人",       "人工",
        "客服",       "オペレーター", "担当者",       "상담원",   "คน",
        "เจ้าหน้าที่",    "човек",        "operater"})
    EXPECT_TRUE(asks(text)) << text;
}

TEST(asks_for_human, knows_clear_requests_in_many_languages) {
  for (const auto* text : {"can I talk to a human?",
                           "I'd like to speak with someone about my refund",
                           "please connect me to an agent",
                           "i need a real person now",
                           "could you transfer me to one of your agents",
                           "bring me a human, I want a human",
                           "quiero hablar con una persona",
                           "¿puedo hablar con alguien?",
                           "necesito un humano",
                           "quero falar com um atendente",
                           "je voudrais parler à un conseiller",
                           "puis-je parler avec quelqu'un",
                           "Ich möchte mit einem Mitarbeiter sprechen",
                           "kann ich bitte mit jemandem reden",
                           "vorrei parlare con un operatore",
                           "ik wil graag een medewerker spreken",
                           "jag vill prata med en människa",
                           "jeg vil gerne tale med en medarbejder",
                           "kan jeg snakke med et menneske",
                           "haluan puhua ihmisen kanssa",
                           "chcę rozmawiać z człowiekiem",
                           "chci mluvit s operátorem",
                           "vreau să vorbesc cu un om",
                           "szeretnék emberrel beszélni",
                           "θέλω να μιλήσω με άνθρωπο",
                           "bir insanla görüşmek istiyorum",
                           "müşteri temsilcisine bağlanmak istiyorum",
                           "хочу поговорить с человеком",
                           "соедините меня с оператором",
                           "хочу поговорити з людиною",
                           "saya mau bicara dengan orang",
                           "tôi muốn nói chuyện với nhân viên",
                           "أريد التحدث مع موظف",
                           "אני רוצה לדבר עם נציג",
                           "मुझे इंसान से बात करनी है",
                           "искам да говоря с човек",
                           "želim razgovarati s operaterom",
                           "我要转人工",
                           "人と話したいです",
                           "상담원 연결해 주세요",
                           "ขอคุยกับเจ้าหน้าที่หน่อย"})
    EXPECT_TRUE(asks(text)) << text;
}

TEST(asks_for_human, does_not_fire_where_the_word_stands_by_chance) {
  for (const auto* text : {"what are your agent fees",
                           "do I need an agent to buy a house",
                           "I need an agent for my flat in Rome",
                           "how many people can sit at a table",
                           "is the table for one person or two?",
                           "price per person",
                           "human hair wigs",
                           "are you a human or a bot",
                           "who is the operator of this website",
                           "which cleaning agent do you use",
                           "do you support PayPal",
                           "¿cuánto cuesta por persona?",
                           "precio para dos personas",
                           "una mesa para una persona",
                           "quanto custa por pessoa",
                           "combien par personne",
                           "je n'ai reçu de réponse de personne",
                           "Was kostet es pro Person",
                           "wie viele Mitarbeiter haben Sie",
                           "sind Ihre Mitarbeiter geimpft",
                           "quanto costa a persona",
                           "prijs per persoon",
                           "сколько стоит на человека",
                           "kişi başı fiyat nedir",
                           "berapa harga per orang",
                           "כמה עולה לאדם",
                           "一个人多少钱",
                           "一人いくらですか",
                           "한 사람에 얼마예요",
                           "คนละเท่าไหร่",
                           "when are you open",
                           ""})
    EXPECT_FALSE(asks(text)) << text;
}

TEST(asks_for_human, does_not_fire_in_a_long_story) {
  std::string story = "yesterday my brother wanted to talk to someone";
  for (int i = 0; i < 20; ++i)
    story += " and then again";
  EXPECT_FALSE(asks(story));
}

TEST(asks_for_human, covers_at_least_twenty_languages) {
  EXPECT_GE(human_word_languages().size(), 20U);
}

} // namespace
} // namespace assistly::answers
