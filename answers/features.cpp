#include "answers/features.hpp"

#include "answers/stem.hpp"

#include <algorithm>

namespace assistly::answers {

namespace {

std::uint64_t mixed(std::uint64_t h) noexcept {
  // The finaliser of MurmurHash3: FNV alone leaves the low bits poor, and they
  // pick the slot in a flat table.
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ULL;
  h ^= h >> 33;
  return h;
}

/// `plain` between two borders, and where each of its code points begins.
struct bordered {
  explicit bordered(std::string_view plain) {
    text.reserve(plain.size() + 2);
    text.push_back('<');
    text.append(plain);
    text.push_back('>');
    starts.reserve(text.size() + 1);
    for (std::size_t i = 0; i < text.size(); ++i)
      if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U)
        starts.push_back(i);
    starts.push_back(text.size());
  }

  std::string text;
  std::vector<std::size_t> starts;
};

void append_grams(const bordered& w, std::size_t length,
                  std::vector<std::uint64_t>& out) {
  for (std::size_t i = 0; i + length < w.starts.size(); ++i)
    out.push_back(
      feature_id('g', std::string_view(w.text).substr(
                        w.starts[i], w.starts[i + length] - w.starts[i])));
}

} // namespace

std::uint64_t feature_id(char kind, std::string_view text) noexcept {
  std::uint64_t h = 0xcbf29ce484222325ULL ^ static_cast<unsigned char>(kind);
  h *= 0x100000001b3ULL;
  for (const char c : text) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001b3ULL;
  }
  return mixed(h);
}

std::uint64_t pair_id(std::uint64_t first, std::uint64_t second) noexcept {
  return mixed(first * 0x9e3779b97f4a7c15ULL + second);
}

std::vector<term> terms_of(const normal_text& text,
                           std::span<const std::string> languages) {
  std::vector<term> result;
  result.reserve(text.words.size());
  for (const auto& w : text.words) {
    term t;
    t.surface = feature_id('s', w.plain);
    const auto add = [&](std::string form) {
      const auto id = feature_id('w', form);
      if (std::find(t.stems.begin(), t.stems.end(), id) != t.stems.end())
        return;
      t.stems.push_back(id);
      t.stem_texts.push_back(std::move(form));
    };
    if (w.kind == word_kind::letters)
      for (const auto& language : languages) {
        // Stemmed with its accents, which are part of many endings, then
        // compared without them.
        add(plain_form(stem(language, w.text)));
      }
    if (t.stems.empty())
      add(w.plain);
    result.push_back(std::move(t));
  }
  return result;
}

void append_letter_grams(const word& w, std::vector<std::uint64_t>& out) {
  const bordered b(w.plain);
  if (w.kind == word_kind::run) {
    out.push_back(feature_id('g', w.plain));
    for (std::size_t i = 1; i + 2 < b.starts.size(); ++i)
      out.push_back(
        feature_id('g', std::string_view(b.text).substr(
                          b.starts[i], b.starts[i + 1] - b.starts[i])));
    return;
  }
  for (std::size_t length = 3; length <= 5; ++length)
    append_grams(b, length, out);
}

void append_trigrams(const word& w, std::vector<std::uint64_t>& out) {
  append_grams(bordered(w.plain), 3, out);
}

} // namespace assistly::answers
