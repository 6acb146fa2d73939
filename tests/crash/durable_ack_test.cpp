/// RELIABILITY P3: what is acknowledged is on the disk first, as the operating
/// system saw it.
#include "tests/crash/scene.hpp"

#include <gtest/gtest.h>

namespace assistly::tests {
namespace {

struct acknowledgements {
  int seen = 0;
  /// Sent with no sync of the database's log since their webhook was received.
  int before_the_disk = 0;
};

/// From one socket: a webhook was received, and has been followed by a sync.
struct exchange {
  bool synced = false;
  std::set<std::string> syncing; ///< threads inside a sync that began since
};

/// A line is `PID call(…) = result`, or two where another thread came between:
/// `PID call(… <unfinished ...>` and `PID <... call resumed>… = result`. What a
/// call received or synced counts from its end, what it sent from its start.
acknowledgements read_trace(const std::filesystem::path& file) {
  acknowledgements found;
  std::map<std::string, exchange> open;         // by socket
  std::map<std::string, std::string> receiving; // thread to socket
  std::ifstream in{file};
  std::string line;
  while (std::getline(in, line)) {
    auto has = [&line](const char* what) {
      return line.find(what) != std::string::npos;
    };
    auto thread = line.substr(0, line.find(' '));
    auto from = line.find("<socket:");
    auto socket = from == std::string::npos
                    ? std::string{}
                    : line.substr(from, line.find('>', from) - from);
    if (has(" recvfrom(") && has("<unfinished"))
      receiving[thread] = socket;
    if (has("\"POST /webhooks/meta"))
      open[has("resumed>") ? receiving[thread] : socket] = {};
    else if (has(" fdatasync(") && has(".db-wal>"))
      for (auto& [key, e] : open)
        if (has("<unfinished"))
          e.syncing.insert(thread);
        else
          e.synced = e.synced || has(" = 0");
    else if (has("<... fdatasync resumed>"))
      for (auto& [key, e] : open)
        e.synced = e.synced || (e.syncing.erase(thread) > 0 && has(" = 0"));
    else if (has(" sendto(") && has("\"HTTP/1.1 200")
             && open.contains(socket)) {
      ++found.seen;
      found.before_the_disk += !open[socket].synced;
      open.erase(socket);
    }
  }
  return found;
}

/// One webhook after the other.
acknowledgements trace_webhooks(bool early_ack, int count) {
  server_scene scene{early_ack};
  // Nobody is answered yet, so that no other commit comes at its own time.
  auto business = business_toml();
  constexpr std::string_view at_once = "quiet_seconds = 0";
  business.replace(business.find(at_once), at_once.size(),
                   "quiet_seconds = 60");
  std::ofstream{scene.folder.path() / "shop.toml"} << business;
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  auto trace = scene.folder.path() / "trace";
  scene.app.under_strace(
    {"-e", "trace=recvfrom,sendto,fdatasync", "-o", trace.string()});
  scene.app.start();
  EXPECT_TRUE(scene.wait_ready()) << "is strace installed and allowed?";
  for (int n = 0; n < count; ++n) {
    auto id = std::to_string(n);
    EXPECT_EQ(scene.post(message_body("9" + id, "m_" + id, "hello")), 200);
    // The commits that follow belong to this webhook, not to the next.
    wait_a_little(40);
  }
  scene.app.end(SIGTERM);
  // The tracer may write its last lines after the program's end.
  wait_a_little(200);
  return read_trace(trace);
}

TEST(durable_ack, P3_the_commit_reaches_the_disk_before_the_200_leaves) {
  if (!may_trace())
    GTEST_SKIP() << "strace may not trace here";
  constexpr int count = 25;
  auto r = trace_webhooks(false, count);
  std::printf("traced %d acknowledgements, %d before the disk\n", r.seen,
              r.before_the_disk);
  EXPECT_EQ(r.seen, count);
  EXPECT_EQ(r.before_the_disk, 0);
}

TEST(durable_ack, P3_control_a_server_that_says_200_too_early_is_seen) {
  if (!may_trace())
    GTEST_SKIP() << "strace may not trace here";
  auto r = trace_webhooks(true, 10);
  std::printf("traced %d acknowledgements, %d before the disk\n", r.seen,
              r.before_the_disk);
  EXPECT_EQ(r.seen, 10);
  EXPECT_GT(r.before_the_disk, 0);
}

} // namespace
} // namespace assistly::tests
