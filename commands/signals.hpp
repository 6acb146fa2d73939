/// Which signals end the program, and who hears of them.
#pragma once

namespace assistly::commands {

/// A reader that went away and a file that may not grow are answered as errors
/// of the write, not died of. For every command; SIGTERM and SIGINT still end
/// it.
void survive_failed_writes();

/// SIGTERM and SIGINT wait for `wait_for_stop`. For commands that drain. Call
/// it before any thread starts, so that no thread takes them.
void hold_stop_signals();

/// Returns when one of them came.
void wait_for_stop();

} // namespace assistly::commands
