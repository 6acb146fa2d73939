/// `assistly load`: signed webhooks at a known pace, and what became of them
/// (bench/README.md). A measuring instrument: one thread, raw sockets, bodies
/// made beforehand, so that it takes little of the cores it shares with what it
/// measures.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"

#include <string>

namespace assistly::commands {

struct load_options {
  /// Where webhooks go; http only.
  std::string url = "http://127.0.0.1:8080/webhooks/meta";
  /// Signs the webhooks; needed unless `plain`.
  std::string app_secret;
  /// The Page the messages are written to; digits. Needed unless `plain`.
  std::string account_id;
  /// Each has at most one webhook under way.
  int connections = 64;
  /// Customers who write, in turn.
  int conversations = 1000;
  /// Webhooks a second, whatever the answers do (open). 0 = the next one as
  /// soon as a connection is free (closed).
  double rate = 0;
  /// What is counted starts after `warm_up` and lasts `duration`.
  seconds duration{10};
  seconds warm_up{1};
  /// Longest wait, after the last webhook, for the journal to be empty and the
  /// answers at the stand-in to stop coming.
  seconds settle{0};
  /// What every customer writes.
  std::string text = "Where are you located?";
  /// `operations.listen` of the server: the journal's depth. Empty: not asked.
  std::string operations_url;
  /// The stand-in: answers that arrived there. Empty: not asked.
  std::string sandbox_url;
  /// The server, for its memory and processor time. 0: not looked at.
  long pid = 0;
  bool json = false;
  /// One unsigned body again and again, for a server that answers anything.
  bool plain = false;
};

/// Runs the load and returns the report, as text for people or one JSON object,
/// without a line end at its end.
/// Webhooks that failed are figures of the report, not a fault.
///
/// errc::invalid for options that cannot be; errc::network_failed if the
/// server, or a side named in the options, could not be reached at the start;
/// errc::not_found if there is no process `pid`.
outcome<std::string> run_load(const load_options& options);

} // namespace assistly::commands
