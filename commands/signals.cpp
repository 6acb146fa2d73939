#include "commands/signals.hpp"

#include <csignal>

namespace assistly::commands {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  // The terminal it was started from is closed.
  sigaddset(&set, SIGHUP);
  return set;
}

} // namespace

void survive_failed_writes() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void hold_stop_signals() {
  auto set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void wait_for_stop() {
  auto set = stop_signals();
  int got = 0;
  sigwait(&set, &got);
}

} // namespace assistly::commands
