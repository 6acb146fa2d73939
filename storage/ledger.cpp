#include "storage/ledger.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "storage/sync_path.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace assistly::storage {

namespace {

std::string whole_text(const receipt& r) {
  return signed_text(r) + "signature: " + r.signature + "\n";
}

struct parsed {
  std::vector<receipt> entries;
  /// Bytes of the entries that end; what follows was torn off while written.
  std::size_t whole_bytes = 0;
  /// An entry that ends but is none: nobody's power loss writes that.
  bool damaged = false;
};

parsed parse(std::string_view text) {
  parsed result;
  std::size_t at = 0;
  while (true) {
    auto end = text.find("\n\n", at);
    if (end == std::string_view::npos)
      return result;
    auto block = text.substr(at, end - at + 1);
    receipt r;
    std::size_t line = 0;
    while (line < block.size()) {
      auto stop = block.find('\n', line);
      auto colon = block.find(": ", line);
      if (stop == std::string_view::npos || colon == std::string_view::npos
          || colon > stop) {
        result.damaged = true;
        return result;
      }
      std::string name{block.substr(line, colon - line)};
      std::string value{block.substr(colon + 2, stop - colon - 2)};
      if (name == "previous")
        r.previous = value;
      else if (name == "signer")
        r.signer = value;
      else if (name == "signature")
        r.signature = value;
      else
        r.fields.emplace_back(std::move(name), std::move(value));
      line = stop + 1;
    }
    result.entries.push_back(std::move(r));
    at = end + 2;
    result.whole_bytes = at;
  }
}

fault changed(const std::filesystem::path& file, std::size_t entry) {
  return {errc::conflict,
          "entry " + std::to_string(entry) + " of the ledger " + file.string()
            + " was changed, or is not of this key file; put back the ledger "
              "that belongs to this database"};
}

outcome<std::string> read_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    return fault{errc::io_failed, "cannot read " + file.string()};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

struct chain {
  std::size_t entries = 0;
  std::string head = no_previous;
  std::size_t whole_bytes = 0;
  std::size_t bytes = 0;
};

/// The entries, each held against the one before, the signer and the mark.
outcome<chain> read_chain(const std::filesystem::path& file,
                          const std::string& signer,
                          const ledger_mark& at_least) {
  auto text = read_file(file);
  if (!text)
    return text.error();
  auto found = parse(*text);
  chain result;
  for (const auto& entry : found.entries) {
    if (entry.previous != result.head || !is_signed(entry)
        || entry.signer != signer)
      return changed(file, result.entries + 1);
    result.head = hash_of(entry);
    ++result.entries;
    if (result.entries == at_least.entries && result.head != at_least.head)
      return changed(file, result.entries);
  }
  if (found.damaged)
    return changed(file, result.entries + 1);
  if (result.entries < at_least.entries)
    return fault{errc::conflict,
                 "the ledger " + file.string() + " ends after entry "
                   + std::to_string(result.entries)
                   + ", but the database knows of "
                   + std::to_string(at_least.entries)
                   + "; put back the ledger that belongs to this database"};
  result.whole_bytes = found.whole_bytes;
  result.bytes = text->size();
  return result;
}

} // namespace

std::string signed_text(const receipt& r) {
  std::string text;
  for (const auto& [name, value] : r.fields)
    text += name + ": " + value + "\n";
  text += "previous: " + r.previous + "\n";
  text += "signer: " + r.signer + "\n";
  return text;
}

std::string hash_of(const receipt& r) {
  return crypto::to_hex(crypto::sha256(whole_text(r)));
}

bool is_signed(const receipt& r) {
  crypto::public_key by{};
  crypto::signature with{};
  if (!crypto::from_hex(r.signer, by) || !crypto::from_hex(r.signature, with))
    return false;
  return crypto::verify(by, signed_text(r), with);
}

ledger::ledger(int fd, const crypto::root_key& root)
  : fd_(fd), key_(root.ledger_seed()) {}

ledger::ledger(ledger&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)), key_(std::move(other.key_)),
    size_(other.size_), entries_(other.entries_),
    head_(std::move(other.head_)) {}

ledger::~ledger() {
  if (fd_ >= 0)
    ::close(fd_);
}

outcome<ledger> ledger::open(const std::filesystem::path& file,
                             const crypto::root_key& root,
                             const ledger_mark& at_least) {
  std::error_code ec;
  std::filesystem::create_directories(
    std::filesystem::absolute(file).parent_path(), ec);
  int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0600);
  if (fd < 0)
    return fault{errc::io_failed, "cannot open the ledger " + file.string()
                                    + ": " + std::strerror(errno)};
  ledger result{fd, root};
  auto found = read_chain(file, result.key_.verifier_hex(), at_least);
  if (!found)
    return found.error();
  result.head_ = found->head;
  result.entries_ = found->entries;
  result.size_ = static_cast<off_t>(found->whole_bytes);
  if (found->whole_bytes != found->bytes && ::ftruncate(fd, result.size_) != 0)
    return fault{errc::io_failed, "cannot mend the ledger " + file.string()};
  if (found->bytes == 0)
    if (auto kept = sync_folder_of(file); !kept)
      return fault{errc::io_failed,
                   "the ledger " + file.string()
                     + " is not on disk: " + kept.error().text};
  return result;
}

outcome<void> check_ledger(const std::filesystem::path& file,
                           const crypto::root_key& root,
                           const ledger_mark& at_least) {
  crypto::signing_key key{root.ledger_seed()};
  auto found = read_chain(file, key.verifier_hex(), at_least);
  if (!found)
    return found.error();
  return {};
}

outcome<receipt> ledger::append(receipt_fields fields) {
  receipt r;
  r.fields.emplace_back("entry", std::to_string(entries_ + 1));
  for (auto& field : fields)
    r.fields.push_back(std::move(field));
  r.previous = head_;
  r.signer = key_.verifier_hex();
  r.signature = crypto::to_hex(key_.sign(signed_text(r)));
  auto text = whole_text(r) + "\n";
  // Half an entry must not stand in front of the next one.
  auto undo = [this](fault why) {
    if (::ftruncate(fd_, size_) != 0)
      why.text += "; what was half written could not be removed either";
    return why;
  };
  std::string_view rest = text;
  while (!rest.empty()) {
    auto n = ::write(fd_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return undo(
        {errno == ENOSPC || errno == EFBIG ? errc::storage_full
                                           : errc::io_failed,
         std::string{"the ledger cannot be written: "} + std::strerror(errno)});
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fdatasync(fd_) != 0)
    return undo({errc::io_failed, std::string{"the ledger is not on disk: "}
                                    + std::strerror(errno)});
  size_ += static_cast<off_t>(text.size());
  head_ = hash_of(r);
  ++entries_;
  return r;
}

outcome<std::vector<receipt>> read_ledger(const std::filesystem::path& file) {
  auto text = read_file(file);
  if (!text)
    return text.error();
  return parse(*text).entries;
}

std::string rfc3339(timestamp t) {
  auto day = std::chrono::floor<days>(t);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss time{std::chrono::floor<seconds>(t - day)};
  char text[32];
  std::snprintf(
    text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
    static_cast<int>(time.minutes().count()),
    static_cast<int>(time.seconds().count()));
  return text;
}

} // namespace assistly::storage
