#include "sandbox/world.hpp"

#include "sandbox/world_state.hpp"

namespace assistly::sandbox {

world_state::world_state(world_options options, const clock_source& time,
                         random_source& random)
  : clock(time), app_id(std::move(options.app_id)),
    app_name(std::move(options.app_name)),
    proof_signer(options.app_secret.reveal()),
    require_proof(options.require_proof),
    accounts(options.accounts, std::move(options.posts)), ids(random),
    webhooks(options.app_secret) {}

namespace {

constexpr auto unsubscribed_after = hours{1};

} // namespace

void unsubscribe_failing(world_state& world) {
  std::erase_if(world.failing_since, [&](const auto& one) {
    const auto& [account, since] = one;
    if (world.now() - since < unsubscribed_after)
      return false;
    if (auto* node = world.accounts.node(account))
      node->subscribed = false;
    world.webhooks.drop_of(account);
    return true;
  });
}

void notify(world_state& world, const business_node& account, webhook_kind kind,
            webhook_body body, timestamp when,
            std::optional<line_reference> about) {
  unsubscribe_failing(world);
  bool subscribed = account.subscribed;
  // WhatsApp is subscribed to by WABA, and an Instagram account that is worked
  // through a Page goes by itself all the same.
  if (!account.waba_id.empty())
    if (const auto* waba = world.accounts.node(account.waba_id))
      subscribed = waba->subscribed;
  if (subscribed)
    world.webhooks.add(kind, std::move(body), world.now(), when,
                       std::move(about), account.id);
}

sandbox_world::sandbox_world(world_options options, const clock_source& clock,
                             random_source& random)
  : state_(std::make_unique<world_state>(std::move(options), clock, random)) {}

sandbox_world::~sandbox_world() = default;

std::vector<webhook_delivery> sandbox_world::take_webhooks(std::size_t most) {
  unsubscribe_failing(*state_);
  return state_->webhooks.take_due(state_->now(), most);
}

void sandbox_world::webhook_finished(std::uint64_t id, int status) {
  auto result = state_->webhooks.finished(id, status, state_->now());
  if (result.accepted)
    state_->failing_since.erase(result.account);
  else if (result.kind == webhook_kind::messaging && !result.account.empty())
    state_->failing_since.try_emplace(result.account, state_->now());
  if (!result.about)
    return;
  const auto& [thread, line_id] = *result.about;
  if (result.accepted) {
    state_->said.set_state(thread, line_id, line_state::delivered);
    return;
  }
  const auto why = status == 0
                     ? std::string{"The server did not answer"}
                     : "The server answered " + std::to_string(status);
  if (result.dropped)
    state_->said.set_state(thread, line_id, line_state::failed,
                           why + "; given up.");
  else
    state_->said.set_state(thread, line_id, line_state::sending,
                           why + "; trying again.");
}

std::optional<timestamp> sandbox_world::next_webhook() const noexcept {
  return state_->webhooks.next_due();
}

fault_rules& sandbox_world::faults() noexcept {
  return state_->faults;
}

recording& sandbox_world::record() noexcept {
  return state_->record;
}

world_settings& sandbox_world::settings() noexcept {
  return state_->settings;
}

const webhook_counts& sandbox_world::webhook_totals() const noexcept {
  return state_->webhooks.counts();
}

std::size_t sandbox_world::webhooks_waiting() const noexcept {
  return state_->webhooks.waiting();
}

timestamp sandbox_world::now() const noexcept {
  return state_->now();
}

void sandbox_world::advance(milliseconds by) {
  state_->offset += by;
}

milliseconds sandbox_world::advanced() const noexcept {
  return state_->offset;
}

void sandbox_world::reset() {
  state_->said.clear();
  state_->webhooks.clear();
  state_->failing_since.clear();
  state_->faults.clear();
  state_->record.clear();
  state_->offset = milliseconds{0};
}

} // namespace assistly::sandbox
