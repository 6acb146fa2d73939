/// The form in which rows are written before they are sealed: fields in a fixed
/// order, integers as LEB128, texts with their length in front. A field added
/// later is appended, and an older record reads as if it held the default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assistly {

class record_writer {
public:
  record_writer& integer(std::int64_t value) {
    // Zigzag: small negative numbers stay short.
    auto bits = static_cast<std::uint64_t>(value) << 1;
    if (value < 0)
      bits = ~bits;
    while (bits >= 0x80) {
      out_ += static_cast<char>(bits | 0x80);
      bits >>= 7;
    }
    out_ += static_cast<char>(bits);
    return *this;
  }

  record_writer& text(std::string_view value) {
    integer(static_cast<std::int64_t>(value.size()));
    out_ += value;
    return *this;
  }

  std::string take() && {
    return std::move(out_);
  }

private:
  std::string out_;
};

/// Reads what `record_writer` wrote. Past the end every field is empty; a
/// record that was cut inside a field is marked broken.
class record_reader {
public:
  explicit record_reader(std::string_view in) : in_(in) {}

  std::int64_t integer() {
    ran_out_ = ran_out_ || in_.empty();
    std::uint64_t bits = 0;
    unsigned shift = 0;
    while (!in_.empty()) {
      auto byte = static_cast<unsigned char>(in_.front());
      in_.remove_prefix(1);
      if (shift < 64)
        bits |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80)
        return static_cast<std::int64_t>(bits & 1 ? ~(bits >> 1) : bits >> 1);
    }
    broken_ = broken_ || shift != 0;
    return 0;
  }

  std::string_view text() {
    auto size = static_cast<std::uint64_t>(integer());
    if (size > in_.size()) {
      broken_ = true;
      in_ = {};
      return {};
    }
    auto value = in_.substr(0, static_cast<std::size_t>(size));
    in_.remove_prefix(static_cast<std::size_t>(size));
    return value;
  }

  bool broken() const noexcept {
    return broken_;
  }

  /// A field past the end was asked for: the record is older than that field,
  /// or it was cut before it.
  bool ran_out() const noexcept {
    return ran_out_;
  }

private:
  std::string_view in_;
  bool ran_out_ = false;
  bool broken_ = false;
};

} // namespace assistly
