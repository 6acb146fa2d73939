/// The program in a process of its own, with a stand-in for Meta around it.
#pragma once

#include "protocol/fetch/client.hpp"
#include "tests/end_to_end/business.hpp"
#include "tests/storage/test_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace assistly::tests {

/// The program in a process of its own.
class program {
public:
  program(std::filesystem::path folder, bool early_ack)
    : folder_(std::move(folder)), early_ack_(early_ack) {}

  void start(std::vector<const char*> command = {"serve"}) {
    pid_ = ::fork();
    ASSERT_GE(pid_, 0);
    if (pid_ != 0)
      return;
    if (early_ack_)
      ::setenv("ASSISTLY_FAULT_ACKNOWLEDGE_BEFORE_COMMIT", "1", 1);
    auto config = (folder_ / "assistly.toml").string();
    std::freopen((folder_ / "log").c_str(), "a", stderr);
    std::vector<std::string> words{ASSISTLY_BINARY, "--config", config};
    words.insert(words.end(), command.begin(), command.end());
    if (!strace_.empty()) {
      // -D: the tracer stands aside, so that the program keeps this process id.
      std::vector<std::string> tracer{"strace", "-D", "-f", "-y", "-s", "64"};
      tracer.insert(tracer.end(), strace_.begin(), strace_.end());
      words.insert(words.begin(), tracer.begin(), tracer.end());
    }
    std::vector<char*> line;
    for (auto& word : words)
      line.push_back(word.data());
    line.push_back(nullptr);
    ::execvp(line.front(), line.data());
    ::_exit(127);
  }

  /// Every start from now on is under strace with these options of it.
  void under_strace(std::vector<std::string> options) {
    strace_ = std::move(options);
  }

  /// The status that `waitpid` gave.
  int end(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return status;
  }

  /// True if it has ended by itself.
  bool gone() const {
    siginfo_t about{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &about,
                    WEXITED | WNOHANG | WNOWAIT)
             == 0
           && about.si_pid == pid_;
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

  /// Rules that the database breaks by `check --deep`; one if it could not be
  /// looked at.
  int broken_rules() const {
    auto deep = run("check --deep");
    int count = 0;
    constexpr std::string_view rule = " is broken: ";
    for (auto at = deep.find(rule); at != std::string::npos;
         at = deep.find(rule, at + 1))
      ++count;
    return count > 0 || deep.find(": whole; ") != std::string::npos ? count : 1;
  }

  pid_t pid() const {
    return pid_;
  }

private:
  std::filesystem::path folder_;
  std::vector<std::string> strace_;
  bool early_ack_;
  pid_t pid_ = -1;
};

/// Some machines let nobody look into another process; what needs it is skipped
/// there, and the run says so.
inline bool may_trace() {
  static const bool allowed =
    std::system("strace -D -f -o /dev/null true >/dev/null 2>&1") == 0;
  return allowed;
}

inline void wait_a_little(int ms) {
  ::poll(nullptr, 0, ms);
}

/// A server, its folder, and whoever sends to it.
class server_scene {
public:
  explicit server_scene(bool early_ack) : app(folder.path(), early_ack) {
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
    if (fakes::test_server())
      config << "[storage]\nurl = \"" << database.emplace().url() << "\"\n";
    std::ofstream{folder.path() / "shop.toml"} << business_toml();
    meta->set_webhook_url("http://127.0.0.1:" + std::to_string(port)
                          + "/webhooks/meta");
  }

  ~server_scene() {
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
    for (int i = 0; i < 1'000 && !app.gone(); ++i) {
      if (get("/readyz").status == 200)
        return true;
      wait_a_little(10);
    }
    return false;
  }

  /// The HTTP status, 0 without an answer.
  int post(const std::string& body) {
    fetch::request wanted;
    wanted.url = "http://127.0.0.1:" + std::to_string(port) + "/webhooks/meta";
    wanted.body = body;
    wanted.headers = {signature_of(body)};
    wanted.total_timeout = seconds{5};
    auto answer = fetch::send_and_wait(*client, std::move(wanted));
    return answer ? answer->status : 0;
  }

  /// One sender: each message is sent until it is acknowledged, as Meta does.
  void send_until(std::atomic<bool>& stop, int sender) {
    for (int n = 0; !stop.load(); ++n) {
      auto id = std::to_string(sender * 10'000'000 + n);
      // A redelivery repeats the bytes, timestamp included.
      auto body = message_body("9" + id, "m_" + id, "when are you open?");
      while (!stop.load()) {
        if (post(body) == 200) {
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

  /// Where the run is for PostgreSQL.
  std::optional<fakes::own_database> database;
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

} // namespace assistly::tests
