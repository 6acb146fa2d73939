/// Files that are made for the operator's eyes only.
#pragma once

#include <sys/stat.h>

namespace assistly::storage {

/// While it lives, whatever the process makes is for its owner alone.
class owners_only {
public:
  owners_only() : before_(::umask(0077)) {}

  owners_only(const owners_only&) = delete;
  owners_only& operator=(const owners_only&) = delete;

  ~owners_only() {
    ::umask(before_);
  }

private:
  mode_t before_;
};

} // namespace assistly::storage
