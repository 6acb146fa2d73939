#include "answers/courtesy.hpp"

#include "answers/phrase.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace assistly::answers {

namespace {

/// One of these must be there; only these and `around` may be.
constexpr std::string_view core =
  "thanks|thank you|thank u|thankyou|thx|thnx|tysm|cheers|ok|okay|okey|oki|"
  "got it|great|perfect|awesome|goodbye|bye|bye bye|have a nice day|"
  "have a good day|"
  "gracias|perfecto|vale|genial|adios|hasta luego|"
  "obrigado|obrigada|obg|perfeito|tchau|valeu|"
  "merci|parfait|d'accord|super|au revoir|"
  "danke|dankeschon|danke schon|dankesehr|alles klar|perfekt|tschuss|"
  "grazie|perfetto|va bene|arrivederci|"
  "bedankt|dank je|dank u|dankjewel|oke|prima|doei|"
  "tack|tak|takk|kiitos|kiitti|"
  "dzieki|dziekuje|dekuji|diky|multumesc|mersi|koszonom|koszi|"
  "ευχαριστω|ευχαριστουμε|tesekkurler|tesekkur ederim|sagol|sagolun|"
  "спасибо|благодарю|дякую|хорошо|ок|благодаря|hvala|"
  "terima kasih|makasih|trims|cam on|"
  "شكرا|تمام|ممنون|متشکرم|תודה|תודה רבה|धन्यवाद|शुक्रिया|"
  "谢谢|謝謝|谢谢你|谢谢您|多谢|好的|ありがとう|ありがとうございます|"
  "ありがとうございました|了解です|감사합니다|고마워요|고맙습니다|"
  "ขอบคุณ|ขอบคุณค่ะ|ขอบคุณครับ";

constexpr std::string_view around =
  "you|u|so|very|much|a|lot|many|for|your|the|help|again|all|then|and|it|is|"
  "that|reply|answer|quick|good|day|night|"
  "muchas|muchisimas|mil|por|la|tu|su|ayuda|todo|muy|amable|"
  "muito|muita|pela|ajuda|tudo|beaucoup|bien|pour|votre|aide|"
  "vielen|dank|sehr|schon|fur|die|hilfe|"
  "mille|tante|molto|per|l|aiuto|tutto|hartelijk|wel|voor|de|hulp|"
  "sa|mycket|mange|tusen|paljon|bardzo|za|pomoc|moc|mult|szepen|"
  "πολυ|cok|большое|за|помощь|дуже|banyak|rat|nhieu|جزيلا|لك|רבה|बहुत";

/// Hearts, thumbs, thanks and smiles. An angry face is not among them.
constexpr std::u32string_view friendly =
  U"\u2764\u2665\U0001F44D\U0001F44C\U0001F44F\U0001F64F\U0001F64C\U0001F60A"
  U"\U0001F600\U0001F603\U0001F604\U0001F601\U0001F642\U0001F609\U0001F970"
  U"\U0001F60D\U0001F618\U0001F917\U0001F929\U0001F389\U0001F495\U0001F496"
  U"\U0001F499\U0001F49A\U0001F49B\U0001F49C\U0001F9E1\U0001F90D\u263A\u2705";

/// Longer than any thanks.
constexpr std::size_t longest_courtesy_words = 8;

bool all_friendly(const std::vector<char32_t>& emoji) {
  return std::all_of(emoji.begin(), emoji.end(), [](char32_t c) {
    return friendly.find(c) != friendly.npos
           || (c >= 0x1F3FB && c <= 0x1F3FF); // skin tones
  });
}

} // namespace

bool is_mere_courtesy(const normal_text& message, std::string_view raw) {
  for (const std::string_view mark : {"?", "？", "؟"})
    if (raw.find(mark) != raw.npos)
      return false;
  if (!all_friendly(message.emoji))
    return false;
  const auto words = words_of(message.line);
  if (words.empty())
    return !message.emoji.empty();
  if (words.size() > longest_courtesy_words)
    return false;
  static const auto core_phrases = phrases_of(core);
  static const auto around_words = phrases_of(around);
  bool said = false;
  for (std::size_t at = 0; at < words.size();) {
    if (const auto n = length_at(core_phrases, words, at); n > 0) {
      said = true;
      at += n;
    } else if (const auto m = length_at(around_words, words, at); m > 0) {
      at += m;
    } else {
      return false;
    }
  }
  return said;
}

} // namespace assistly::answers
