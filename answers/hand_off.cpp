#include "answers/hand_off.hpp"

#include "answers/language.hpp"
#include "answers/normalise.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assistly::answers {

namespace {

struct message_row {
  std::string_view language;
  std::string_view text;
};

/// Promises a person and nothing more: no hour, no name.
constexpr std::array messages{
  message_row{"en", "A colleague will answer you soon."},
  message_row{"es", "Una persona de nuestro equipo te responderá pronto."},
  message_row{"pt", "Uma pessoa da nossa equipe responderá em breve."},
  message_row{"fr", "Un membre de notre équipe vous répondra bientôt."},
  message_row{"de", "Jemand aus unserem Team antwortet Ihnen in Kürze."},
  message_row{"it", "Una persona del nostro team ti risponderà presto."},
  message_row{"nl", "Een collega antwoordt je binnenkort."},
  message_row{"sv", "En kollega svarar dig snart."},
  message_row{"da", "En kollega svarer dig snart."},
  message_row{"no", "En kollega svarer deg snart."},
  message_row{"fi", "Kollegamme vastaa sinulle pian."},
  message_row{"pl", "Wkrótce odpowie Ci ktoś z naszego zespołu."},
  message_row{"cs", "Brzy vám odpoví někdo z našeho týmu."},
  message_row{"ro", "Un coleg îți va răspunde în curând."},
  message_row{"hu", "Egy munkatársunk hamarosan válaszol."},
  message_row{"el", "Ένας συνεργάτης μας θα σας απαντήσει σύντομα."},
  message_row{"tr", "Ekibimizden biri kısa süre içinde size yanıt verecek."},
  message_row{"ru", "Скоро вам ответит наш сотрудник."},
  message_row{"uk", "Незабаром вам відповість наш співробітник."},
  message_row{"bg", "Скоро ще ви отговори наш колега."},
  message_row{"hr", "Uskoro će vam odgovoriti netko iz našeg tima."},
  message_row{"id", "Tim kami akan segera menjawab Anda."},
  message_row{"vi", "Nhân viên của chúng tôi sẽ sớm trả lời bạn."},
  message_row{"ar", "سيجيبك أحد زملائنا قريبًا."},
  message_row{
    "fa",
    "یکی از همکاران ما به‌زودی به شما پاسخ "
    "می‌دهد."},
  message_row{"he", "נציג מהצוות שלנו ישיב לך בקרוב."},
  message_row{"hi", "हमारी टीम से कोई जल्द ही आपको जवाब देगा।"},
  message_row{"zh", "我们的工作人员会尽快回复您。"},
  message_row{"ja", "担当者よりまもなくご返信いたします。"},
  message_row{"ko", "담당자가 곧 답변해 드리겠습니다."},
  message_row{"th", "ทีมงานของเราจะตอบคุณในไม่ช้า"},
};

/// One line of at most `note_line_code_points`: valid UTF-8, without control
/// characters that could forge the note's own lines.
std::string note_line(std::string_view text) {
  auto line = clean_utf8(text, note_line_code_points + 1);
  if (code_points(line).size() > note_line_code_points)
    line = clean_utf8(line, note_line_code_points) + "…";
  std::replace_if(
    line.begin(), line.end(),
    [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte < 0x20 || byte == 0x7F;
    },
    ' ');
  for (const std::string_view separator : {"\u2028", "\u2029"})
    for (auto at = line.find(separator); at != line.npos;
         at = line.find(separator))
      line.replace(at, separator.size(), " ");
  return line;
}

std::string title_of(const source& s) {
  return note_line(s.title.empty() ? s.id : s.title);
}

} // namespace

std::string hand_off_message(std::string_view own_message,
                             std::string_view language) {
  if (!own_message.empty())
    return std::string(own_message);
  const auto code = primary_language(language);
  for (const auto& row : messages)
    if (row.language == code)
      return std::string(row.text);
  return std::string(messages.front().text);
}

std::string hand_off_note(const answer& decided,
                          const std::vector<std::string>& lines) {
  std::string note = "Handed off: " + decided.reason_text;
  const auto shown = std::min(lines.size(), note_lines);
  if (shown > 0)
    note += "\nThe customer wrote:";
  if (lines.size() > shown)
    note += "\n(" + std::to_string(lines.size() - shown) + " earlier)";
  for (auto i = lines.size() - shown; i < lines.size(); ++i)
    note += "\n> " + note_line(lines[i]);
  const auto candidates = std::min<std::size_t>(decided.considered.size(), 2);
  if (candidates == 0)
    return note + "\nFound in the knowledge: nothing near enough.";
  note +=
    "\nFound in the knowledge, not sent: " + title_of(decided.considered[0]);
  if (candidates > 1)
    note += "; " + title_of(decided.considered[1]);
  note += ". Confidence "
          + std::to_string(std::lround(decided.confidence * 100)) + " %.";
  return note;
}

} // namespace assistly::answers
