#include "answers/normalise.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace assistly::answers {

namespace {

void append(std::string& out, UChar32 point) {
  std::array<char, 4> bytes{};
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, point);
  out.append(bytes.data(), static_cast<std::size_t>(length));
}

// ICU's macro narrows inside, which a caller cannot mend.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"

/// The code point at `at`, which moves behind it; U+FFFD for broken bytes.
UChar32 next_point(std::string_view text, std::size_t& at) {
  auto i = static_cast<int32_t>(at);
  const auto length = static_cast<int32_t>(text.size());
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(text.data(), i, length, c);
  at = static_cast<std::size_t>(i);
  return c;
}

#pragma GCC diagnostic pop

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

/// `text` through one of ICU's normalizers; unchanged if ICU lacks its tables.
std::string normalised_by(const icu::Normalizer2* form, UErrorCode status,
                          std::string text) {
  if (U_FAILURE(status) || form == nullptr)
    return text;
  std::string out;
  out.reserve(text.size() + 16);
  icu::StringByteSink<std::string> sink(&out);
  form->normalizeUTF8(
    0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink,
    nullptr, status);
  return U_FAILURE(status) ? text : out;
}

/// NFKC with case folding, which also drops joiners and variation selectors.
std::string folded(std::string text) {
  if (is_ascii(text)) {
    for (auto& c : text)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c + ('a' - 'A'));
    return text;
  }
  UErrorCode status = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  return normalised_by(form, status, std::move(text));
}

/// Letters that carry their accent inside, so that no decomposition frees it.
std::string_view base_of(UChar32 point) {
  switch (point) {
  case 0x00E6:
    return "ae";
  case 0x0153:
    return "oe";
  case 0x00F8:
    return "o";
  case 0x0142:
    return "l";
  case 0x0111:
    return "d";
  case 0x0131:
    return "i";
  default:
    return {};
  }
}

/// Only marks that people leave out when they type in a hurry. In Indic
/// scripts, Thai and kana a mark is part of the letter.
bool is_droppable_mark(UChar32 point) {
  if (u_charType(point) != U_NON_SPACING_MARK || point == 0x3099
      || point == 0x309A)
    return false;
  UErrorCode status = U_ZERO_ERROR;
  const auto script = uscript_getScript(point, &status);
  return U_SUCCESS(status)
         && (script == USCRIPT_INHERITED || script == USCRIPT_HEBREW);
}

bool is_apostrophe(UChar32 c) {
  return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02BC || c == '`';
}

bool is_word_point(UChar32 c) {
  if (c < 0x80)
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  if (is_apostrophe(c))
    return false;
  const auto type = u_charType(c);
  return u_isalnum(c) || type == U_NON_SPACING_MARK
         || type == U_COMBINING_SPACING_MARK;
}

/// Scripts written without spaces; Hangul too, whose endings cling to words.
bool is_run_point(UChar32 c) {
  if (c < 0x0E00)
    return false;
  if (c == 0x30FC) // the long-vowel mark, of no script of its own
    return true;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
  case USCRIPT_HAN:
  case USCRIPT_HIRAGANA:
  case USCRIPT_KATAKANA:
  case USCRIPT_HANGUL:
  case USCRIPT_THAI:
  case USCRIPT_LAO:
  case USCRIPT_KHMER:
  case USCRIPT_MYANMAR:
    return true;
  default:
    return false;
  }
}

bool is_emoji(UChar32 c) {
  return c >= 0x203C && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/// Cuts a folded text into words.
class splitter {
public:
  explicit splitter(std::string_view text) : points_(code_points(text)) {
    result_.words.reserve(points_.size() / 5 + 4);
  }

  normal_text split() {
    while (at_ < points_.size()) {
      const auto c = point(at_);
      if (is_word_point(c) && is_run_point(c)) {
        take_run();
      } else if (is_word_point(c)) {
        take_word();
      } else {
        if (is_emoji(c))
          result_.emoji.push_back(points_[at_]);
        ++at_;
      }
    }
    return std::move(result_);
  }

private:
  UChar32 point(std::size_t i) const {
    return static_cast<UChar32>(points_[i]);
  }

  word word_at(std::size_t from, std::size_t to, word_kind kind) const {
    word w;
    for (auto i = from; i < to; ++i)
      append(w.text, point(i));
    w.kind = kind;
    w.plain = plain_form(w.text);
    return w;
  }

  void add(word w) {
    if (!w.plain.empty())
      result_.words.push_back(std::move(w));
  }

  void add_to_line(std::string_view plain) {
    if (plain.empty())
      return;
    if (!result_.line.empty())
      result_.line.push_back(' ');
    result_.line.append(plain);
  }

  void take_run() {
    const auto from = at_;
    while (at_ < points_.size() && is_word_point(point(at_))
           && is_run_point(point(at_)))
      ++at_;
    auto whole = word_at(from, at_, word_kind::run);
    add_to_line(whole.plain);
    if (at_ - from == 1)
      add(std::move(whole));
    for (auto i = from; i + 1 < at_; ++i)
      add(word_at(i, i + 2, word_kind::run));
  }

  std::size_t end_of_letters(std::size_t from) const {
    auto to = from;
    while (to < points_.size() && is_word_point(point(to))
           && !is_run_point(point(to)))
      ++to;
    return to;
  }

  /// What stands behind an apostrophe decides what it means: "don't" is one
  /// word, "what's" is "what", "l'heure" is "heure".
  void take_word() {
    const auto from = at_;
    const auto to = end_of_letters(from);
    at_ = to;
    if (to + 1 >= points_.size() || !is_apostrophe(point(to))
        || !is_word_point(point(to + 1)) || is_run_point(point(to + 1))) {
      add_letters(from, to);
      return;
    }
    const auto tail_end = end_of_letters(to + 1);
    const std::u32string_view tail(points_.data() + to + 1, tail_end - to - 1);
    if (tail == U"t" && points_[to - 1] == U'n') {
      points_.erase(to, 1);
      at_ = tail_end - 1;
      add_letters(from, at_);
    } else if (tail == U"s" || tail == U"m" || tail == U"re" || tail == U"ve"
               || tail == U"ll" || tail == U"d") {
      at_ = tail_end;
      add_letters(from, to);
    } else {
      at_ = to + 1;
      if (to - from > 2)
        add_letters(from, to);
    }
  }

  void add_letters(std::size_t from, std::size_t to) {
    bool digits = true;
    for (auto i = from; i < to; ++i)
      digits = digits && u_isdigit(point(i));
    auto w = word_at(from, to, digits ? word_kind::number : word_kind::letters);
    add_to_line(w.plain);
    add(std::move(w));
  }

  std::u32string points_;
  std::size_t at_ = 0;
  normal_text result_;
};

} // namespace

std::string plain_form(const std::string& text) {
  if (is_ascii(text))
    return text;
  UErrorCode status = U_ZERO_ERROR;
  const auto* apart = icu::Normalizer2::getNFDInstance(status);
  std::string kept;
  kept.reserve(text.size());
  for (const char32_t c : code_points(normalised_by(apart, status, text))) {
    const auto point = static_cast<UChar32>(c);
    if (const auto base = base_of(point); !base.empty())
      kept.append(base);
    else if (!is_droppable_mark(point))
      append(kept, point);
  }
  UErrorCode composed_status = U_ZERO_ERROR;
  const auto* composed = icu::Normalizer2::getNFCInstance(composed_status);
  return normalised_by(composed, composed_status, std::move(kept));
}

std::string clean_utf8(std::string_view text, std::size_t max_code_points) {
  // A code point has at most four bytes, so nothing beyond is ever read.
  text = text.substr(0, std::min(text.size(), max_code_points * 4));
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  for (std::size_t n = 0; n < max_code_points && at < text.size(); ++n)
    append(out, next_point(text, at));
  return out;
}

std::u32string code_points(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    out.push_back(static_cast<char32_t>(next_point(text, at)));
  return out;
}

normal_text normalise(std::string_view text, std::size_t max_code_points) {
  auto result = splitter(folded(clean_utf8(text, max_code_points))).split();
  // NFKC may turn one code point into eighteen.
  if (result.words.size() > max_code_points)
    result.words.resize(max_code_points);
  return result;
}

} // namespace assistly::answers
