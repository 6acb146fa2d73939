#include "answers/stem.hpp"

#include <algorithm>
#include <array>
#include <libstemmer.h>
#include <memory>
#include <vector>

namespace assistly::answers {

namespace {

// Snowball 2.2.0, libstemmer/modules_utf8.txt, but for "yi" (a transliteration)
// and "porter" (superseded by "en").
constexpr std::array<std::string_view, 26> languages{
  "ar", "ca", "da", "de", "el", "en", "es", "eu", "fi", "fr", "ga", "hi", "hu",
  "hy", "id", "it", "lt", "ne", "nl", "no", "pt", "ro", "ru", "sr", "sv", "tr"};

struct close_stemmer {
  void operator()(sb_stemmer* s) const noexcept {
    sb_stemmer_delete(s);
  }
};

using stemmer_handle = std::unique_ptr<sb_stemmer, close_stemmer>;

/// A stemmer keeps state while it works, so threads must not share one.
sb_stemmer* stemmer_of(std::string_view language) {
  thread_local std::array<stemmer_handle, languages.size()> opened;
  const auto found =
    std::lower_bound(languages.begin(), languages.end(), language);
  if (found == languages.end() || *found != language)
    return nullptr;
  auto& slot = opened[static_cast<std::size_t>(found - languages.begin())];
  if (!slot)
    slot.reset(sb_stemmer_new(std::string(language).c_str(), "UTF_8"));
  return slot.get();
}

} // namespace

bool can_stem(std::string_view language) {
  return std::binary_search(languages.begin(), languages.end(), language);
}

std::string stem(std::string_view language, const std::string& word) {
  auto* stemmer = stemmer_of(language);
  if (stemmer == nullptr)
    return word;
  const auto* symbols =
    sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(word.data()),
                    static_cast<int>(word.size()));
  if (symbols == nullptr)
    return word;
  return {reinterpret_cast<const char*>(symbols),
          static_cast<std::size_t>(sb_stemmer_length(stemmer))};
}

} // namespace assistly::answers
