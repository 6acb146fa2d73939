/// RELIABILITY P1, P2 and P4: kill -9 at any moment, and count.
#include "protocol/fetch/client.hpp"
#include "protocol/json/fields.hpp"
#include "tests/end_to_end/business.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <poll.h>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace assistly::tests {
namespace {

struct kill_run {
  std::size_t acked = 0;
  std::size_t lost = 0;    ///< acked, and not in the export
  std::size_t doubled = 0; ///< in the export more than once
  std::size_t twice_answered = 0;
  std::size_t silent = 0;     ///< neither answered nor shown as open
  std::size_t violations = 0; ///< of the invariants, over all kills
};

/// The program in a process of its own.
class program {
public:
  program(std::filesystem::path folder, bool early_ack)
    : folder_(std::move(folder)), early_ack_(early_ack) {}

  void start() {
    pid_ = ::fork();
    ASSERT_GE(pid_, 0);
    if (pid_ != 0)
      return;
    if (early_ack_)
      ::setenv("ASSISTLY_FAULT_ACKNOWLEDGE_BEFORE_COMMIT", "1", 1);
    auto config = (folder_ / "assistly.toml").string();
    std::freopen((folder_ / "log").c_str(), "a", stderr);
    ::execl(ASSISTLY_BINARY, "assistly", "serve", "--config", config.c_str(),
            nullptr);
    ::_exit(127);
  }

  void end(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }

  /// Runs a command to its end and returns what it printed.
  std::string run(const std::string& arguments) const {
    std::string command = std::string{ASSISTLY_BINARY} + " " + arguments
                          + " --json --config " + folder_.string()
                          + "/assistly.toml 2>>" + folder_.string() + "/log";
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[4096];
    while (pipe && std::fgets(buffer, sizeof buffer, pipe))
      out += buffer;
    if (pipe)
      ::pclose(pipe);
    return out;
  }

private:
  std::filesystem::path folder_;
  bool early_ack_;
  pid_t pid_ = -1;
};

void wait_a_little(int ms) {
  ::poll(nullptr, 0, ms);
}

/// A free port, found by binding it for a moment.
class kill_scene {
public:
  explicit kill_scene(bool early_ack) : app(folder.path(), early_ack) {
    sandbox::sandbox_options o;
    o.listen = "127.0.0.1:0";
    o.app_secret = secret_text{app_secret};
    o.accounts = accounts();
    o.settings.strict = false;
    o.on_send = [this](const sandbox::observed_call& c) { sent.add(c); };
    auto started = sandbox::run_sandbox(std::move(o));
    meta = std::move(*started);
    // The ports are the test process's own, so that runs beside each other do
    // not meet.
    port = 20'000 + 2 * static_cast<int>(::getpid() % 10'000);
    std::ofstream config{folder.path() / "assistly.toml"};
    config << "[http]\nlisten = \"127.0.0.1:" << port << "\"\n"
           << "[operations]\nlisten = \"127.0.0.1:" << port + 1 << "\"\n"
           << "[meta]\napp_secret = \"" << app_secret << "\"\n"
           << "graph_url = \"http://127.0.0.1:" << meta->port() << "\"\n"
           << "instagram_url = \"http://127.0.0.1:" << meta->port() << "\"\n";
    std::ofstream{folder.path() / "shop.toml"} << business_toml();
    meta->set_webhook_url("http://127.0.0.1:" + std::to_string(port)
                          + "/webhooks/meta");
  }

  ~kill_scene() {
    meta->stop();
  }

  fetch::response get(const std::string& path) {
    fetch::request wanted;
    wanted.method = "GET";
    wanted.url = "http://127.0.0.1:" + std::to_string(port + 1) + path;
    auto answer = fetch::send_and_wait(*client, std::move(wanted));
    return answer ? std::move(*answer) : fetch::response{};
  }

  bool wait_ready() {
    for (int i = 0; i < 1'000; ++i) {
      if (get("/readyz").status == 200)
        return true;
      wait_a_little(10);
    }
    return false;
  }

  /// One sender: each message is sent until it is acknowledged, as Meta does.
  void send_until(std::atomic<bool>& stop, int sender) {
    for (int n = 0; !stop.load(); ++n) {
      auto id = std::to_string(sender * 10'000'000 + n);
      auto body = message_body("9" + id, "m_" + id, "when are you open?");
      auto header = signature_of(body);
      while (!stop.load()) {
        fetch::request wanted;
        wanted.url =
          "http://127.0.0.1:" + std::to_string(port) + "/webhooks/meta";
        wanted.headers = {header};
        wanted.body = body;
        wanted.total_timeout = seconds{5};
        auto answer = fetch::send_and_wait(*client, std::move(wanted));
        if (answer && answer->status == 200) {
          std::lock_guard lock{mutex};
          acked.insert("m_" + id);
          break;
        }
        wait_a_little(5);
      }
    }
  }

  void settle() {
    // Until nothing is waiting any more, neither in nor out.
    for (int quiet = 0, i = 0; quiet < 5 && i < 3'000; ++i) {
      auto metrics = get("/metrics").body;
      bool idle =
        metrics.find("\nassistly_inbox_backlog 0\n") != std::string::npos;
      quiet = idle ? quiet + 1 : 0;
      wait_a_little(50);
    }
  }

  scratch_folder folder;
  arrivals sent;
  std::unique_ptr<sandbox::running_sandbox> meta;
  program app;
  int port = 0;
  std::mutex mutex;
  std::set<std::string> acked;
  std::unique_ptr<fetch::client> client = [] {
    fetch::client_options o;
    o.allow_plain_http = true;
    return fetch::make_curl_client(o);
  }();
};

std::size_t violations(const program& app) {
  auto deep = app.run("check --deep");
  std::size_t count = 0;
  for (auto at = deep.find("broken: "); at != std::string::npos;
       at = deep.find("broken: ", at + 1))
    ++count;
  return count + (deep.find("sealed values opened") == std::string::npos);
}

void count_export(kill_scene& scene, kill_run& result) {
  auto to = (scene.folder.path() / "copy").string();
  scene.app.run("export --tenant corner-shop --to " + to);
  std::map<std::string, int> in;
  std::map<std::string, bool> open_or_answered;
  std::map<std::string, std::string> conversation_of;
  std::ifstream messages{to + "/messages.jsonl"};
  std::string line;
  while (std::getline(messages, line)) {
    json::json_fields f;
    if (!f.add_json(line))
      continue;
    std::string conversation{f.text("conversation_id")};
    if (f.text("direction") == "in" && f.text("author") == "customer") {
      std::string mid{f.text("external_id")};
      ++in[mid];
      conversation_of[mid] = conversation;
    } else if (f.text("direction") == "out") {
      open_or_answered[conversation] = true;
    }
  }
  std::ifstream conversations{to + "/conversations.jsonl"};
  while (std::getline(conversations, line)) {
    json::json_fields f;
    if (f.add_json(line) && f.flag("answer_owed").value_or(false))
      open_or_answered[std::string{f.text("id")}] = true;
  }
  result.acked = scene.acked.size();
  for (const auto& mid : scene.acked) {
    result.lost += in[mid] == 0;
    result.silent += in[mid] > 0 && !open_or_answered[conversation_of[mid]];
  }
  for (const auto& [mid, count] : in)
    result.doubled += count > 1;
  for (const auto& [who, count] : scene.sent.by_recipient())
    result.twice_answered += count > 1;
}

/// `until_loss` ends early, for the control.
kill_run run_kills(int kills, bool early_ack, bool until_loss) {
  kill_run result;
  kill_scene scene{early_ack};
  scene.app.run("apply " + (scene.folder.path() / "shop.toml").string());
  std::mt19937 chance{20261124u};
  std::uniform_int_distribution<int> pause{100, 500};
  for (int i = 0; i < kills; ++i) {
    scene.app.start();
    EXPECT_TRUE(scene.wait_ready());
    std::atomic<bool> stop{false};
    std::vector<std::thread> senders;
    for (int s = 0; s < 8; ++s)
      senders.emplace_back(
        [&, s] { scene.send_until(stop, (i + 1) * 100 + s); });
    wait_a_little(pause(chance));
    scene.app.end(SIGKILL);
    stop.store(true);
    for (auto& sender : senders)
      sender.join();
    result.violations += violations(scene.app);
    if (until_loss) {
      std::filesystem::remove_all(scene.folder.path() / "copy");
      kill_run so_far;
      count_export(scene, so_far);
      if (so_far.lost > 0)
        return so_far;
    }
  }
  scene.app.start();
  EXPECT_TRUE(scene.wait_ready());
  scene.settle();
  scene.app.end(SIGTERM);
  std::filesystem::remove_all(scene.folder.path() / "copy");
  count_export(scene, result);
  return result;
}

int kills_wanted() {
  const char* wanted = std::getenv("ASSISTLY_KILLS");
  return wanted ? std::atoi(wanted) : 5;
}

TEST(kill, P1_no_acknowledged_message_is_lost_or_answered_twice) {
  int kills = kills_wanted();
  auto r = run_kills(kills, false, false);
  std::printf("kills %d, acked %zu, lost %zu, doubled %zu, answered twice %zu, "
              "silent %zu, invariants broken %zu\n",
              kills, r.acked, r.lost, r.doubled, r.twice_answered, r.silent,
              r.violations);
  EXPECT_GT(r.acked, 0u);
  EXPECT_EQ(r.lost, 0u);
  EXPECT_EQ(r.doubled, 0u);
  EXPECT_EQ(r.twice_answered, 0u);
  EXPECT_EQ(r.silent, 0u);
  EXPECT_EQ(r.violations, 0u);
}

TEST(kill, P1_control_a_server_that_says_200_too_early_is_seen_to_lose) {
  auto r = run_kills(40, true, true);
  std::printf("acked %zu, lost %zu\n", r.acked, r.lost);
  EXPECT_GT(r.lost, 0u);
}

} // namespace
} // namespace assistly::tests
