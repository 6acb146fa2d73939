#include "protocol/json/fields.hpp"

#include "protocol/http/message.hpp"
#include "protocol/json/utf8.hpp"

#include <charconv>

namespace assistly::json {

namespace {

constexpr int deepest = 32;

/// One pass over a JSON text (RFC 8259).
class reader {
public:
  reader(std::string_view json, std::vector<json_fields::field>& out,
         std::string_view prefix, std::size_t most)
    : json_(json), out_(out), path_(prefix), most_(most) {}

  bool read_object_alone() {
    skip_blanks();
    if (!peek('{') || !read_value(0))
      return false;
    skip_blanks();
    return at_ == json_.size();
  }

private:
  bool peek(char c) const noexcept {
    return at_ < json_.size() && json_[at_] == c;
  }

  bool take(char c) noexcept {
    if (!peek(c))
      return false;
    ++at_;
    return true;
  }

  void skip_blanks() noexcept {
    while (at_ < json_.size()
           && (json_[at_] == ' ' || json_[at_] == '\t' || json_[at_] == '\n'
               || json_[at_] == '\r'))
      ++at_;
  }

  bool read_value(int depth) {
    if (depth > deepest || out_.size() > most_)
      return false;
    skip_blanks();
    if (peek('{'))
      return read_object(depth);
    if (peek('['))
      return read_array(depth);
    if (peek('"')) {
      std::string text;
      if (!read_string(text))
        return false;
      out_.push_back({path_, std::move(text), json_kind::text});
      return true;
    }
    return read_word();
  }

  bool read_object(int depth) {
    ++at_;
    skip_blanks();
    if (take('}'))
      return true;
    std::string name;
    do {
      skip_blanks();
      name.clear();
      if (!peek('"') || !read_string(name))
        return false;
      skip_blanks();
      if (!take(':') || !read_under(name, depth))
        return false;
      skip_blanks();
    } while (take(','));
    return take('}');
  }

  bool read_array(int depth) {
    ++at_;
    skip_blanks();
    if (take(']'))
      return true;
    std::size_t index = 0;
    do {
      if (!read_under(std::to_string(index++), depth))
        return false;
      skip_blanks();
    } while (take(','));
    return take(']');
  }

  bool read_under(std::string_view name, int depth) {
    const auto length = path_.size();
    if (!path_.empty())
      path_ += '.';
    path_ += name;
    const bool fine = read_value(depth + 1);
    path_.resize(length);
    return fine;
  }

  bool read_word() {
    const auto from = at_;
    while (at_ < json_.size()
           && std::string_view{",]} \t\n\r"}.find(json_[at_])
                == std::string_view::npos)
      ++at_;
    const auto word = json_.substr(from, at_ - from);
    auto kind = json_kind::number;
    if (word == "true" || word == "false")
      kind = json_kind::boolean;
    else if (word == "null")
      kind = json_kind::null;
    else if (!is_number(word))
      return false;
    out_.push_back({path_, std::string{word}, kind});
    return true;
  }

  static bool is_number(std::string_view word) noexcept {
    std::size_t i = 0;
    const auto digits = [&] {
      const auto from = i;
      while (i < word.size() && word[i] >= '0' && word[i] <= '9')
        ++i;
      return i > from;
    };
    if (i < word.size() && word[i] == '-')
      ++i;
    const auto first = i;
    if (!digits() || (word[first] == '0' && i - first > 1))
      return false;
    if (i < word.size() && word[i] == '.') {
      ++i;
      if (!digits())
        return false;
    }
    if (i < word.size() && (word[i] == 'e' || word[i] == 'E')) {
      ++i;
      if (i < word.size() && (word[i] == '+' || word[i] == '-'))
        ++i;
      if (!digits())
        return false;
    }
    return i == word.size();
  }

  bool read_string(std::string& out) {
    ++at_;
    for (;;) {
      const auto from = at_;
      while (at_ < json_.size() && json_[at_] != '"' && json_[at_] != '\\'
             && static_cast<unsigned char>(json_[at_]) >= 0x20)
        ++at_;
      const auto plain = json_.substr(from, at_ - from);
      if (!is_utf8(plain))
        return false;
      out += plain;
      if (take('"'))
        return true;
      if (!take('\\') || !read_escape(out))
        return false;
    }
  }

  bool read_escape(std::string& out) {
    if (at_ == json_.size())
      return false;
    const char c = json_[at_++];
    switch (c) {
    case '"':
    case '\\':
    case '/':
      out += c;
      return true;
    case 'b':
      out += '\b';
      return true;
    case 'f':
      out += '\f';
      return true;
    case 'n':
      out += '\n';
      return true;
    case 'r':
      out += '\r';
      return true;
    case 't':
      out += '\t';
      return true;
    case 'u':
      return read_code_unit(out);
    default:
      return false;
    }
  }

  std::optional<char32_t> four_digits() noexcept {
    if (json_.size() - at_ < 4)
      return std::nullopt;
    unsigned value = 0;
    const char* first = json_.data() + at_;
    const auto [end, error] = std::from_chars(first, first + 4, value, 16);
    if (error != std::errc{} || end != first + 4)
      return std::nullopt;
    at_ += 4;
    return static_cast<char32_t>(value);
  }

  bool read_code_unit(std::string& out) {
    const auto unit = four_digits();
    if (!unit)
      return false;
    if (*unit < 0xd800 || *unit > 0xdfff) {
      append_utf8(out, *unit);
      return true;
    }
    const auto back = at_;
    if (*unit < 0xdc00 && json_.substr(at_).starts_with("\\u")) {
      at_ += 2;
      const auto low = four_digits();
      if (!low)
        return false;
      if (*low >= 0xdc00 && *low <= 0xdfff) {
        append_utf8(out, 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00));
        return true;
      }
      at_ = back;
    }
    append_utf8(out, replacement);
    return true;
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::vector<json_fields::field>& out_;
  std::string path_;
  std::size_t most_;
};

} // namespace

bool json_fields::add_json(std::string_view json, std::string_view prefix,
                           std::size_t most) {
  return reader{json, fields_, prefix, most}.read_object_alone();
}

bool json_fields::add_form(std::string_view form) {
  while (!form.empty()) {
    const auto pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(pair.size() + 1, form.size()));
    if (pair.empty())
      continue;
    const auto mark = pair.find('=');
    auto name = http::url_decode(pair.substr(0, mark));
    auto value = http::url_decode(
      mark == std::string_view::npos ? "" : pair.substr(mark + 1));
    if (!name || !value || !is_utf8(*value)
        || fields_.size() > most_from_strangers)
      return false;
    if (!value->starts_with('{') || !add_json(*value, *name))
      add(*name, *value);
  }
  return true;
}

void json_fields::add(std::string_view path, std::string_view value) {
  fields_.push_back({std::string{path}, std::string{value}, json_kind::text});
}

const json_fields::field*
json_fields::find(std::string_view path) const noexcept {
  for (const auto& one : fields_)
    if (one.path == path)
      return &one;
  return nullptr;
}

std::string_view json_fields::text(std::string_view path) const noexcept {
  const auto* found = find(path);
  return found
             && (found->kind == json_kind::text
                 || found->kind == json_kind::number)
           ? std::string_view{found->value}
           : std::string_view{};
}

bool json_fields::has(std::string_view path) const noexcept {
  for (const auto& one : fields_)
    if (one.path.starts_with(path)
        && (one.path.size() == path.size() || one.path[path.size()] == '.'))
      return true;
  return false;
}

std::vector<json_fields> json_fields::objects_of(std::string_view array) const {
  std::vector<json_fields> all;
  std::string_view last;
  for (const auto& one : fields_) {
    std::string_view rest = one.path;
    if (!rest.starts_with(array) || rest.size() <= array.size()
        || rest[array.size()] != '.')
      continue;
    rest.remove_prefix(array.size() + 1);
    const auto dot = rest.find('.');
    if (dot == rest.npos)
      continue;
    if (const auto index = rest.substr(0, dot); all.empty() || index != last) {
      all.emplace_back();
      last = index;
    }
    all.back().fields_.push_back(
      {std::string{rest.substr(dot + 1)}, one.value, one.kind});
  }
  return all;
}

std::optional<std::int64_t>
json_fields::number(std::string_view path) const noexcept {
  const auto digits = text(path);
  std::int64_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc{} || stop != end)
    return std::nullopt;
  return value;
}

std::optional<bool> json_fields::flag(std::string_view path) const noexcept {
  const auto* found = find(path);
  if (!found || found->kind == json_kind::null)
    return std::nullopt;
  if (found->value == "true" || found->value == "1")
    return true;
  if (found->value == "false" || found->value == "0")
    return false;
  return std::nullopt;
}

} // namespace assistly::json
