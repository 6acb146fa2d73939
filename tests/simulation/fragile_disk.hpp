/// The way to SQLite's files, which can be cut: from then on nothing that the
/// program does reaches them, as if it had been killed in the middle of a
/// write.
#pragma once

#include <memory>

namespace assistly::simulation {

class fragile_disk {
public:
  /// Stands before the machine's own file system for every database opened from
  /// now on in this process. One at a time.
  fragile_disk();
  ~fragile_disk();
  fragile_disk(const fragile_disk&) = delete;
  fragile_disk& operator=(const fragile_disk&) = delete;

  /// Lets so many more writes to a log through, and nothing after them. What a
  /// commit is made of goes to the logs, so every place in it can be met.
  void cut_after(int writes) noexcept;
  void cut() noexcept;
  bool is_cut() const noexcept;
  /// For the next process; what was cut off stays lost.
  void mend() noexcept;

  struct state;

private:
  std::unique_ptr<state> state_;
};

} // namespace assistly::simulation
