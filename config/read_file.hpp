/// Reading the files that a configuration names.
#pragma once

#include "model/outcome.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace assistly::config {

/// The whole file. Fails with `not_found` or `io_failed` and a sentence that
/// names the file ("the file /etc/x may not be read by this user").
outcome<std::string> read_file(const std::filesystem::path& file,
                               std::size_t most_bytes);

/// A secret kept in a file: its first line, without the line end. Empty or
/// longer than 64 KiB is a failure.
outcome<std::string> read_secret_file(const std::filesystem::path& file);

/// `given` itself if it is absolute or empty, else below `folder`.
std::filesystem::path below(const std::filesystem::path& folder,
                            std::string_view given);

} // namespace assistly::config
