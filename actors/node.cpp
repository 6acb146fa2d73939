#include "actors/node.hpp"

#include "actors/supervisor.hpp"
#include "storage/outbox.hpp"
#include "telemetry/log.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

namespace assistly::actors {

namespace {

struct system_config : caf::actor_system_config {
  system_config() {
    add_message_types<caf::id_block::assistly>();
    // The default policy collapses under bursts from outside: 49 s against 0.9
    // s for a million messages (FEASIBILITY section 1c).
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", static_cast<std::size_t>(std::max(
                                   1u, std::thread::hardware_concurrency())));
    // Whoever has much to do lets others run in between.
    set("scheduler.max-throughput", std::size_t{50});
    set("logger.verbosity", caf::atom("quiet"));
  }
};

/// Answers the caller even if the eraser that had the order is gone.
class told_once {
public:
  explicit told_once(std::function<void(outcome<storage::receipt>)> done)
    : done_(std::move(done)) {}

  told_once(const told_once&) = delete;
  told_once& operator=(const told_once&) = delete;

  ~told_once() {
    tell(
      fault{errc::busy, "the erasure was interrupted; it goes on by itself"});
  }

  void tell(outcome<storage::receipt> result) {
    if (!told_.exchange(true))
      done_(std::move(result));
  }

private:
  std::function<void(outcome<storage::receipt>)> done_;
  std::atomic<bool> told_{false};
};

} // namespace

struct node::machine {
  explicit machine(node_services& all) : services(&all), system(config) {}

  node_services* services;
  node_handles handles;
  system_config config;
  caf::actor_system system;
  supervisor_actor supervisor;
};

node::node(std::unique_ptr<machine> made) : machine_(std::move(made)) {}

outcome<std::unique_ptr<node>> node::start(node_services& services) {
  std::int64_t in_doubt = 0;
  std::shared_ptr<const storage::directory> picture;
  auto recovered = services.writer->run([&](storage::work& w) {
    in_doubt = storage::doubt_all_sending(w);
    picture = storage::read_directory(w);
  });
  if (!recovered)
    return recovered.error();
  services.directory.set(picture);
  std::unique_ptr<node> result{new node{std::make_unique<machine>(services)}};
  auto& m = *result->machine_;
  services.look_at_journal = [&handles = m.handles](timestamp at) {
    if (auto ingress = handles.get().ingress)
      caf::anon_send(ingress, look_at_journal{at});
  };
  m.supervisor = spawn_supervisor(m.system, services, m.handles);
  // The supervisor starts the others in its first lines, on another thread.
  while (!m.handles.get().ingress)
    std::this_thread::yield();
  resume_what_is_owed(services, m.handles, true);
  telemetry::log(telemetry::level::info, "recovered",
                 {{"sends_in_doubt", in_doubt}});
  return result;
}

node::~node() {
  auto& m = *machine_;
  auto all = m.handles.get();
  caf::anon_send_exit(m.supervisor, caf::exit_reason::user_shutdown);
  if (all.watch)
    caf::anon_send_exit(all.watch, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.timer, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.eraser, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.ingress, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.directory, caf::exit_reason::user_shutdown);
  // A handle that outlives the system hangs its end (FEASIBILITY section 1e).
  all = node_handles::set();
  m.supervisor = supervisor_actor();
  m.handles.put(node_handles::set());
  m.system.clock().cancel_all();
}

void node::events_committed(std::vector<storage::journal_entry> batch) {
  auto& services = *machine_->services;
  if (services.accounts)
    for (const auto& entry : batch)
      services.traffic.heard({entry.tenant, entry.channel});
  caf::anon_send(machine_->handles.get().ingress,
                 actors::events_committed{
                   std::make_shared<const std::vector<storage::journal_entry>>(
                     std::move(batch))});
}

void node::refresh(std::function<void()> done) {
  caf::anon_send(
    machine_->handles.get().directory,
    refresh_directory{
      std::make_shared<const std::function<void()>>(std::move(done))});
}

void node::conversation_changed(tenant_id tenant, const lookup_hash& hash,
                                std::vector<outbox_row> sends) {
  caf::anon_send(machine_->handles.get().directory,
                 actors::conversation_changed{tenant, hash, std::move(sends)});
}

void node::erase(const storage::erase_request& request,
                 std::function<void(outcome<storage::receipt>)> done) {
  auto once = std::make_shared<told_once>(std::move(done));
  caf::anon_send(
    machine_->handles.get().eraser,
    erase_order{
      request,
      std::make_shared<const std::function<void(outcome<storage::receipt>)>>(
        [once](outcome<storage::receipt> result) {
          once->tell(std::move(result));
        })});
}

} // namespace assistly::actors
