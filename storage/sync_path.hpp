/// What is written stays, whatever happens to the power.
#pragma once

#include "model/outcome.hpp"

#include <filesystem>

namespace assistly::storage {

/// Waits until a file's bytes are on disk. `storage_full`, `io_failed`.
outcome<void> sync_file(const std::filesystem::path& file);

/// The same for the names in the file's folder: a new file is only there to
/// stay once that is done.
outcome<void> sync_folder_of(const std::filesystem::path& file);

/// A failed call on a file, by its `errno`, as a fault that names the file.
fault io_fault(const char* doing, const std::filesystem::path& file, int code);

} // namespace assistly::storage
