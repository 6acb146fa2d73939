/// The append-only, hash-chained record of erasures (`ledger.file`). It stands
/// outside the database and its backups, holds no personal data, and each of
/// its entries is a signed receipt.
#pragma once

#include "crypto/root_key.hpp"
#include "crypto/signing.hpp"
#include "model/clock.hpp"
#include "model/outcome.hpp"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace assistly::storage {

/// What an erasure removed, in the order in which it is signed: names and
/// values without line breaks.
using receipt_fields = std::vector<std::pair<std::string, std::string>>;

/// One entry: `fields`, then `previous` (the hash of the entry before),
/// `signer` (Ed25519 public key, hex) and `signature` over all lines above it.
struct receipt {
  receipt_fields fields;
  std::string previous;
  std::string signer;
  std::string signature;
};

/// The bytes that are signed: one `name: value` line for each field, `previous`
/// and `signer`.
std::string signed_text(const receipt& r);

/// SHA-256, hex, of the whole entry; what the next one names as `previous`.
std::string hash_of(const receipt& r);

/// Checks the signature with the key the receipt names itself. Whether that key
/// is the operator's is for the caller to compare.
bool is_signed(const receipt& r);

/// `previous` of the first entry.
inline constexpr const char* no_previous =
  "0000000000000000000000000000000000000000000000000000000000000000";

/// How far the ledger had come when the database last heard of it. A chain
/// cannot tell by itself that its end was cut off.
struct ledger_mark {
  std::size_t entries = 0;
  std::string head;
};

class ledger {
public:
  /// Opens or makes the file and checks its chain. `conflict` if an entry was
  /// changed, dropped or is not ours, or if the file ends before `at_least`; a
  /// torn last entry (power loss while it was written, so before its erasure
  /// was committed) is cut off.
  static outcome<ledger> open(const std::filesystem::path& file,
                              const crypto::root_key& root,
                              const ledger_mark& at_least = {});

  ~ledger();
  ledger(ledger&& other) noexcept;
  ledger& operator=(ledger&&) = delete;

  /// Signs, appends and waits until it is on disk.
  outcome<receipt> append(receipt_fields fields);

  std::size_t entries() const noexcept {
    return entries_;
  }

  const std::string& head() const noexcept {
    return head_;
  }

private:
  ledger(int fd, const crypto::root_key& root);

  int fd_;
  crypto::signing_key key_;
  off_t size_ = 0;
  std::size_t entries_ = 0;
  std::string head_ = no_previous;
};

/// What `ledger::open` checks, without making or mending the file.
outcome<void> check_ledger(const std::filesystem::path& file,
                           const crypto::root_key& root,
                           const ledger_mark& at_least);

/// All entries of a ledger file, without checking them.
outcome<std::vector<receipt>> read_ledger(const std::filesystem::path& file);

/// RFC 3339 in UTC with seconds.
std::string rfc3339(timestamp t);

} // namespace assistly::storage
