/// The root key: the operator's file that everything sealed hangs on. It stands
/// outside the database and its backups (INTERFACE section 3, `keys.file`).
#pragma once

#include "crypto/key.hpp"
#include "model/outcome.hpp"

#include <filesystem>

namespace assistly::crypto {

/// The key never leaves this class; each use gets a key of its own, derived by
/// HKDF under a label, so that none can stand in for another.
class root_key {
public:
  /// Makes the file (mode 0600) and waits until it is on disk. Only to be
  /// called for an empty database: a new key cannot open what an old one
  /// sealed. `errc::conflict` if the file exists, it is never overwritten;
  /// `errc::io_failed` if it cannot be written.
  static outcome<root_key> create(const std::filesystem::path& file,
                                  random_source& random);

  /// `errc::not_found` without the file, `errc::not_permitted` if anyone but
  /// its owner may read it, `errc::invalid` if it is not a whole key file,
  /// `errc::io_failed` if it cannot be read. The text names the file and how to
  /// mend it.
  static outcome<root_key> load(const std::filesystem::path& file);

  /// 32 hexadecimal digits that name this key and tell nothing about it. The
  /// database keeps them, to know another's key file when it sees one.
  std::string fingerprint() const;

  /// Wraps the key-encryption keys.
  key256 wrapping_key() const noexcept;

  /// Keys the look-up hash that finds an account's tenant before the tenant is
  /// known.
  key256 directory_key() const noexcept;

  /// Seals what was signed but could not be read.
  key256 quarantine_key() const noexcept;

  /// Seed of the ledger's signing key (crypto/signing.hpp).
  key256 ledger_seed() const noexcept;

private:
  explicit root_key(const key256& key) noexcept : key_(key) {}

  key256 derive(std::string_view label) const noexcept;

  key256 key_;
};

} // namespace assistly::crypto
